"""A checksum of the files of a run, which shows that the run is complete and undamaged."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

NAME = "checksum.json"
"""The file that holds the checksums; it is written last."""


def write_checksum(folder: Path) -> None:
    """Write the SHA-256 of every file in the folder of a run.

    Args:
        folder: The folder; everything else in it is written.
    """
    (folder / NAME).write_text(checksum(folder), encoding="utf-8")


def checksum(folder: Path) -> str:
    """The SHA-256 of every file in the folder of a run, as JSON; not that of the checksum itself.

    Args:
        folder: The folder.

    Returns:
        The content of the file.
    """
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and path.name != NAME)
    return json.dumps({path.name: _sha256(path) for path in files}, indent=1) + "\n"


def exists(folder: Path) -> bool:
    """Whether a run has a checksum; runs of early versions have none."""
    return (folder / NAME).exists()


def recorded(folder: Path) -> list[str]:
    """The files in the folder of a run that have a checksum, changed or not.

    Args:
        folder: The folder.

    Returns:
        Their names, in order; none where the checksums are missing or damaged.
    """
    try:
        sums = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return sorted(path.name for path in folder.iterdir() if path.name in sums)
    except (FileNotFoundError, TypeError, ValueError):
        return []


def damage(folder: Path, names: Iterable[str]) -> str:
    """Compare the files of a run with its checksum.

    Args:
        folder: The folder of a run that has a checksum.
        names: Of the files.

    Returns:
        What is wrong, such as `predictions.csv is not as it was written`; empty if nothing is.
    """
    try:
        sums = json.loads((folder / NAME).read_text(encoding="utf-8"))
        for name in names:
            if sums[name] != _sha256(folder / name):
                return f"{name} is not as it was written"
    except FileNotFoundError as error:
        return f"{Path(error.filename).name} is missing"
    except (KeyError, TypeError, ValueError):
        return f"{NAME} is not as it was written"
    return ""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
