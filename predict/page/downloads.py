"""Predictions as a file, in any of the formats of `mdat-predict`."""

from collections.abc import Sequence
from pathlib import Path
from shutil import make_archive

from mdat_data.errors import InputError, listed
from mdat_predict.formats import FORMATS, check, write
from mdat_predict.prediction import Prediction


def write_download(name: str, predictions: Sequence[Prediction], folder: Path) -> Path:
    """Write predictions.

    Args:
        name: Of the format.
        predictions: The predictions.
        folder: An empty folder.

    Returns:
        The file in it; an archive where the format has a file for each recording, or a folder.

    Raises:
        InputError: There is no such format, or its package is not installed.
    """
    if name not in FORMATS:
        raise InputError(f"expected one of the formats {listed(FORMATS)}; got {name!r}.")
    out = folder / f"emotions{FORMATS[name]}"
    try:
        check(name, out, recordings=len(predictions))
    except InputError:
        out = folder / f"emotions-{name}"
        check(name, out, recordings=len(predictions))
    write(name, predictions, out, reject=0.0)
    return Path(make_archive(str(out), "zip", out)) if out.is_dir() else out
