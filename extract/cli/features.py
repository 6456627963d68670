"""What the command does with features files that are there already."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

SHOWN = 20
"""At most so many faults are listed one by one."""

MODES: Mapping[str, Collection[str]] = {
    "info": (),
    "check": (),
    "merge": ("out",),
    "verify": ("root", "corpus", "speech_encoder", "text_encoder", "device", "seed"),
}
"""Name of a mode -> the options that play a part in it."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a mode has to say.

    Attributes:
        text: Lines of text.
        sound: Whether the files are as they should be.
    """

    text: str
    sound: bool = True


def choose_mode(values: Mapping[str, Any], given: Collection[str]) -> str | None:
    """Find out what is to be done.

    Args:
        values: All parameters of the command.
        given: Names of those that the user gave.

    Returns:
        One of `MODES`, or None to encode a corpus.

    Raises:
        click.UsageError: The parameters do not go together.
    """
    modes = [mode for mode in MODES if values[mode]]
    if len(modes) > 1:
        raise click.UsageError(f"--{modes[0]} and --{modes[1]} do different things: choose one.")
    if not modes:
        _check_extraction(values, given)
        return None
    [mode] = modes
    if not values["files"]:
        raise click.UsageError(f"--{mode} needs a features file: mdat-extract --{mode} … FILE.h5")
    if mode == "merge" and not values["out"]:
        raise click.UsageError("--merge needs --out, the features file to write.")
    if idle := sorted(set(given) - {mode, "files", *MODES[mode]}):
        raise click.UsageError(f"{_options(idle)} plays no part in --{mode}: leave it out.")
    return mode


def run_mode(mode: str, values: Mapping[str, Any], given: Collection[str]) -> Answer:
    """Do it.

    Args:
        mode: One of `MODES`.
        values: All parameters of the command.
        given: Names of those that the user gave.

    Returns:
        What came of it.

    Raises:
        InputError: The files are not what they should be.
    """
    files: Sequence[Path] = values["files"]
    if mode == "merge":
        return _merge(files, values["out"])
    if mode == "info":
        from mdat_data.cache.overview import overview

        return Answer(text="\n".join(overview(path) for path in files))
    if mode == "check":
        answers = [_check(path) for path in files]
    else:
        chosen = {name: values[name] for name in MODES["verify"] if name in given}
        answers = [_verify(path, values["verify"], values["seed"], chosen) for path in files]
    return Answer(
        text="\n".join(answer.text for answer in answers),
        sound=all(answer.sound for answer in answers),
    )


def _check_extraction(values: Mapping[str, Any], given: Collection[str]) -> None:
    if values["files"]:
        raise click.UsageError(
            f"got {values['files'][0]} without being told what to do with it: --info, --check, "
            "--verify or --merge. Recordings are named by --corpus and --root."
        )
    for name in ("corpus", "out"):
        if not values[name]:
            raise click.UsageError(f"Missing option '--{name}'.")
    if "seed" in given:
        raise click.UsageError("--seed plays no part in an extraction: leave it out.")


def _merge(files: Sequence[Path], out: Path) -> Answer:
    from mdat_data.cache.merge import merge

    return Answer(text=f"{out}: {merge(files, out)} utterances of {len(files)} shards")


def _check(path: Path) -> Answer:
    from mdat_data.cache.check import check

    verdict = check(path)
    if verdict.faults:
        head = f"{path}: not as it was written; {len(verdict.faults)} faults"
        return Answer(text="\n  ".join([head, *_first(verdict.faults)]), sound=False)
    seal = "" if verdict.sealed else ". Its provenance has no seal, as an early release made it"
    return Answer(
        text=f"{path}: sound. Structure, provenance and the features, lengths and labels of all "
        f"{verdict.utterances} utterances are as they were written{seal}; digest {verdict.digest}"
    )


def _verify(path: Path, count: int, seed: int, chosen: Mapping[str, Any]) -> Answer:
    from mdat_extract.verify import verify

    names = {"speech_encoder": "speech", "text_encoder": "text"}
    how = {names.get(name, name): value for name, value in chosen.items() if name != "seed"}
    verified = verify(path, count, seed=seed, **how)
    errors, allowed = verified.errors, verified.allowed
    worst = max(errors, key=lambda id: errors[id])
    beyond = [f"utterance {id}: {error:.1e}" for id, error in errors.items() if error > allowed]
    head = (
        f"{path}: {len(errors)} utterances encoded again, one by one (seed {seed}); the largest "
        f"relative error is {errors[worst]:.1e} ({worst}), precision and storage explain up to "
        f"{allowed:.1e}"
    )
    return Answer(text="\n  ".join([head, *_first(beyond)]), sound=not beyond)


def _first(lines: Sequence[str]) -> list[str]:
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return [*lines[:SHOWN], *more]


def _options(names: Sequence[str]) -> str:
    return ", ".join("--" + name.replace("_", "-") for name in names)
