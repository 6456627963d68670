"""The formats of predictions: one module each, `as_<name>`.

A format that is text in one file has `text(predictions, *, reject)`. Another has
`write(predictions, out, *, reject)`, which writes the file or folder `out` whole or not at all.
A new format is a module and a line in `FORMATS`.
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from mdat_data.errors import InputError
from mdat_data.process.output import whole_file
from mdat_predict.prediction import Prediction

FORMATS = {"table": ".txt", "csv": ".csv", "jsonl": ".jsonl"}
"""Name of a format -> suffix of the files that are written in it."""


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


def to_text(name: str, predictions: Sequence[Prediction], *, reject: float) -> str:
    """Write predictions for the terminal, or a pipe.

    Args:
        name: Of the format.
        predictions: The predictions.
        reject: Lowest probability of an answer.

    Raises:
        InputError: The format is not text in one file.
    """
    module = _module(name)
    if not hasattr(module, "text"):
        raise InputError(
            f"--format {name} is written into files, but --out is missing. Name the file or folder."
        )
    return str(module.text(predictions, reject=reject))


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
