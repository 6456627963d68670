"""The command mdat-audit."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from mdat_audit.config import MAPS, AuditConfig
from mdat_data.errors import InputError
from mdat_data.process.failures import clear_failures
from mdat_data.process.paths import UsablePath
from mdat_data.process.printing import say

PACKAGES = ("librosa", "matplotlib", "sklearn", "soundfile", "soxr")
INTERRUPTED = "interrupted. Nothing was written; the same command starts again."
DEFAULT = AuditConfig(corpora=())
SETTINGS = {"show_default": True, "max_content_width": 100}


@click.command(context_settings=SETTINGS)
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS...")
@click.option(
    "--splits",
    type=UsablePath(dir_okay=False),
    metavar="FILE",
    help="Table of the split to examine, with the columns id and part (train, validation, test), "
    "id and fold, or all three; separated by commas, or in a .tsv by tabs.",
)
@click.option(
    "--root",
    multiple=True,
    type=UsablePath(),
    show_default="$MDAT_CORPORA/<corpus>, else corpora/<corpus>",
    help="Folder of the recordings; for several corpora, once for each, in the same order.",
)
@click.option(
    "--emotion-column",
    metavar="TABLE.COLUMN",
    help="Column of the labels of an audformat database, as for mdat-extract.",
)
@click.option(
    "--layer",
    show_default="the middle one",
    help="Layer of a features file that the map shows.",
)
@click.option(
    "--map",
    type=click.Choice(MAPS),
    default=DEFAULT.map,
    help="Method of the map; umap needs the extra of this name.",
)
@click.option("--seed", default=DEFAULT.seed, help="Seed of folds, guesses, intervals and map.")
@click.option(
    "--out",
    type=UsablePath(file_okay=False),
    show_default="none, the page is printed",
    help="Folder for audit.md, audit.json and the figures. Those of an earlier audit are replaced.",
)
@click.version_option(package_name="mdat-keras")
@click.pass_context
def main(context: click.Context, /, out: Path | None, **options: Any) -> None:
    """Examine corpora, and a split of them, for what gives the emotion away.

    CORPUS is a features file, the name of a corpus, a manifest (.csv or .tsv) or the folder of an
    audformat database.

    The exit code is 1 if a leak is found: speakers, groups or recordings on both sides of the
    split, sentences that give the emotion away, or a recording with two emotions. It is 2 if the
    input is wrong.
    """
    with clear_failures(extra="audit", packages=PACKAGES, interrupted=INTERRUPTED):
        config = AuditConfig(**options)
        leaks = _audit(config, out)
    context.exit(1 if leaks else 0)


def _audit(config: AuditConfig, out: Path | None) -> int:
    from mdat_audit.examine import examine
    from mdat_audit.report.page import verdict
    from mdat_data.process.output import check_writable

    if out is not None:
        check_writable(out / "audit.json")
    try:
        audit = examine(config, _shown)
    except ModuleNotFoundError as error:
        if error.name != "umap":
            raise
        raise InputError(
            "--map umap needs the package umap-learn, which is not installed. Install it: pip "
            'install "mdat-keras[umap]", or use --map pca.'
        ) from error
    if out is None:
        say(audit.page())
    else:
        say(f"{verdict(audit)}\n\nWritten to {audit.save(out)}")
    return len(audit.leaks)


def _shown(work: Iterable[Any], name: str, utterances: int) -> Iterable[Any]:
    from tqdm import tqdm

    shown: Iterable[Any] = tqdm(work, desc=name, total=utterances, disable=None)
    return shown
