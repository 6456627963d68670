"""The command mdat-features."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mdat_data.errors import listed
from mdat_data.process.failures import clear_failures
from mdat_data.process.paths import UsablePath
from mdat_data.process.printing import say
from mdat_extract.cli.extract import PACKAGES

if TYPE_CHECKING:
    from mdat_extract.verify import Verification

SHOWN = 20
"""Number of faults that are listed one by one."""

SETTINGS = {"show_default": True, "max_content_width": 100}

files_argument = click.argument(
    "files", nargs=-1, required=True, type=UsablePath(), metavar="FILE.h5..."
)


@click.group(context_settings=SETTINGS)
@click.version_option(package_name="mdat-keras")
def main() -> None:
    """Describe, check, verify and merge features files."""


@main.command()
@files_argument
def info(files: Sequence[Path]) -> None:
    """Print what is in the files and how they were made."""
    with clear_failures(extra="extract", packages=PACKAGES, interrupted="interrupted."):
        from mdat_data.cache.overview import overview

        for path in files:
            say(overview(path))


@main.command()
@files_argument
@click.pass_context
def check(context: click.Context, files: Sequence[Path]) -> None:
    """Check that the files are as they were written. Needs neither recordings nor encoders.

    The exit code is 1 if a fault is found.
    """
    with clear_failures(extra="extract", packages=PACKAGES, interrupted="interrupted."):
        sound = [_check(path) for path in files]
    context.exit(0 if all(sound) else 1)


@main.command()
@files_argument
@click.option(
    "--count",
    type=click.IntRange(min=1),
    default=20,
    help="Number of utterances to encode again.",
)
@click.option(
    "--root",
    type=UsablePath(),
    show_default="$MDAT_CORPORA/<corpus>, else corpora/<corpus>",
    help="Folder of the recordings.",
)
@click.option(
    "--corpus",
    help="The manifest or audformat database, if the file was made from one. --root is an "
    "alternative.",
)
@click.option(
    "--speech-encoder",
    metavar="FOLDER",
    help="Folder of the speech encoder, if the file was made with a model from a folder.",
)
@click.option("--text-encoder", metavar="FOLDER", help="Folder of the text encoder, likewise.")
@click.option("--device", default="auto", help="Device of the computation, as for mdat-extract.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    help="Seed of the random choice of utterances.",
)
@click.pass_context
def verify(
    context: click.Context,
    files: Sequence[Path],
    count: int,
    root: Path | None,
    corpus: str | None,
    speech_encoder: str | None,
    text_encoder: str | None,
    device: str,
    seed: int,
) -> None:
    """Encode random utterances again, one by one, and compare them with the files.

    The exit code is 1 if an error is larger than precision and storage explain.
    """
    with clear_failures(extra="extract", packages=PACKAGES, interrupted="interrupted."):
        from mdat_extract.verify import verify as verified

        agree = [
            _report(
                path,
                verified(
                    path,
                    count=count,
                    seed=seed,
                    root=root,
                    corpus=corpus,
                    speech_encoder=speech_encoder,
                    text_encoder=text_encoder,
                    device=device,
                ),
                seed,
            )
            for path in files
        ]
    context.exit(0 if all(agree) else 1)


@main.command()
@files_argument
@click.option(
    "--out",
    type=UsablePath(dir_okay=False),
    required=True,
    metavar="OUT.h5",
    help="The features file to write.",
)
def merge(files: Sequence[Path], out: Path) -> None:
    """Merge the shards of a corpus into one features file.

    If it is interrupted, the same command continues where it stopped.
    """
    interrupted = "interrupted. The same command continues from here."
    with clear_failures(extra="extract", packages=PACKAGES, interrupted=interrupted):
        from mdat_data.cache.merge import merge as merged

        say(f"{out}: {merged(files, out)} utterances of {len(files)} shards")


def _check(path: Path) -> bool:
    from mdat_data.cache.check import check as checked

    verdict = checked(path)
    if verdict.faults:
        faults = listed(verdict.faults, shown=SHOWN, separator="\n  ")
        say(f"{path}: not as it was written; {len(verdict.faults)} faults\n  {faults}")
        return False
    seal = "" if verdict.sealed else ". Its provenance has no seal, as in files of early releases"
    say(
        f"{path}: sound. Structure, provenance and the features, lengths and labels of all "
        f"{verdict.utterances} utterances are as they were written{seal}; digest {verdict.digest}"
    )
    return True


def _report(path: Path, verified: "Verification", seed: int) -> bool:
    errors, allowed = verified.errors, verified.allowed
    worst = max(errors, key=lambda id: errors[id])
    beyond = [f"utterance {id}: {error:.1e}" for id, error in errors.items() if error > allowed]
    say(
        f"{path}: {len(errors)} utterances encoded again, one by one (seed {seed}); the largest "
        f"relative error is {errors[worst]:.1e} ({worst}), precision and storage explain up to "
        f"{allowed:.1e}"
    )
    if beyond:
        say("  " + listed(beyond, shown=SHOWN, separator="\n  "))
    return not beyond
