"""The formats of predictions: one module each, `as_<name>`.

A format that is text in one file has `text(predictions, *, reject)`. Another has
`write(predictions, out, *, reject)`, which writes the file or folder `out` whole or not at all, and
`check(out, *, recordings)`, which refuses beforehand what cannot be written. A new format is a
module and a line in `FORMATS`.
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from mdat_data.errors import InputError
from mdat_data.process.output import whole_file
from mdat_predict.prediction import Prediction

FORMATS = {
    "table": ".txt",
    "csv": ".csv",
    "jsonl": ".jsonl",
    "rttm": ".rttm",
    "textgrid": ".textgrid",
    "elan": ".eaf",
    "audformat": ".audformat",
}
"""Name of a format -> suffix of the file, or folder, that is written in it; in small letters."""


def format_of(out: Path) -> str:
    """The format that the suffix of a file stands for.

    Args:
        out: The file.

    Raises:
        InputError: Its suffix is that of no format.

    Example:
        >>> format_of(Path("emotions.csv"))
        'csv'
    """
    found = {suffix: name for name, suffix in FORMATS.items()}.get(out.suffix.lower())
    if found is None:
        raise InputError(
            f"expected --out to end in {', '.join(FORMATS.values())}, got {out}. Name it so, or "
            "choose a --format."
        )
    return found


def check(name: str, out: Path | None, *, recordings: int) -> None:
    """Refuse what cannot be written, before anything is predicted.

    Args:
        name: Of the format.
        out: The file or folder; None for the terminal, or a pipe.
        recordings: Number of recordings.

    Raises:
        InputError: The format needs a file or folder or another one, or a package is missing.
    """
    module = _module(name)
    if hasattr(module, "text"):
        return
    if out is None:
        raise InputError(
            f"--format {name} is written into files, but --out is missing. Name the file or folder."
        )
    module.check(out, recordings=recordings)


def to_text(name: str, predictions: Sequence[Prediction], *, reject: float) -> str:
    """Write predictions for the terminal, or a pipe.

    Args:
        name: Of a format that is text.
        predictions: The predictions.
        reject: Lowest probability of an answer.
    """
    return str(_module(name).text(predictions, reject=reject))


def write(name: str, predictions: Sequence[Prediction], out: Path, *, reject: float) -> None:
    """Write predictions to a file or folder, which appears whole or not at all.

    Args:
        name: Of the format.
        predictions: The predictions.
        out: The file or folder.
        reject: Lowest probability of an answer.
    """
    module = _module(name)
    if not hasattr(module, "text"):
        module.write(predictions, out, reject=reject)
        return
    with whole_file(out) as file:
        file.write(module.text(predictions, reject=reject).encode())


def _module(name: str) -> Any:
    return import_module(f"{__name__}.as_{name}")
