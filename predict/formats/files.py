"""Formats with a file for each recording."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from os.path import commonprefix, normpath
from pathlib import Path
from tempfile import TemporaryDirectory

from mdat_data.errors import InputError
from mdat_data.printable import one_line
from mdat_data.process.output import LONGEST_NAME, numbered, whole_file, whole_folder
from mdat_data.readers.file_names import AUDIO
from mdat_predict.prediction import Prediction

Save = Callable[[Prediction, Path], None]
"""Writes a recording into a new file."""


def check_new(out: Path) -> None:
    """Refuse to write a folder where something is already.

    Args:
        out: The folder.

    Raises:
        InputError: There is a file or folder of this name.
    """
    if os.path.lexists(out):
        raise InputError(
            f"expected --out to be a new folder, got {out}, which exists. Choose another --out, or "
            "move it."
        )


def check_files(out: Path, suffix: str, *, recordings: int) -> None:
    """Refuse a place that cannot take a file for each recording.

    Args:
        out: A file that ends in `suffix`, or a new folder.
        suffix: Of the files.
        recordings: Number of recordings.

    Raises:
        InputError: It is one file for several recordings, or a folder that exists.
    """
    if not _is_file(out, suffix):
        check_new(out)
    elif recordings > 1:
        raise InputError(
            f"expected one recording for {out}, because a {suffix} file holds no more; got "
            f"{recordings}. Give --out a folder, and choose the --format."
        )


def write_files(predictions: Sequence[Prediction], out: Path, suffix: str, save: Save) -> None:
    """Write a file for each recording, all of them or none.

    Args:
        predictions: The recordings.
        out: The file of one recording, if it ends in `suffix`; else the folder of all.
        suffix: Of the files.
        save: Writes a recording.

    Raises:
        InputError: As in `check_files`.
    """
    check_files(out, suffix, recordings=len(predictions))
    if _is_file(out, suffix):
        for of in predictions:
            _write_one(of, out, save)
        return
    with whole_folder(out) as folder:
        for of, place in zip(predictions, places(predictions, suffix), strict=True):
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            save(of, folder / place)


def places(predictions: Sequence[Prediction], suffix: str) -> list[Path]:
    """Name a file for each recording, under the folders that tell the recordings apart.

    Args:
        predictions: The recordings.
        suffix: Of the files.

    Returns:
        Paths that differ, in a folder of all.

    Example:
        >>> of = [Prediction(name, 1.0, (), ()) for name in ("in/a/1.wav", "in/b/1.wav")]
        >>> [str(place) for place in places(of, ".eaf")]
        ['a/1.eaf', 'b/1.eaf']
    """
    whole = [Path(normpath(Path(one_line(of.recording)).absolute())).parts for of in predictions]
    shared = len(commonprefix([parts[:-1] for parts in whole]))
    inside = [Path(*parts[shared:]) for parts in whole]
    alike = Counter(path.with_name(_stem(path)) for path in inside)
    taken: dict[Path, None] = {}  # in order
    for path in inside:
        stem = path.with_name(_stem(path))
        name = (
            (stem if alike[stem] == 1 else path)
            .name.encode()[:LONGEST_NAME]
            .decode("utf-8", "ignore")
        )
        free = (each for each in numbered(path.with_name(name)) if each not in taken)
        taken[next(free)] = None
    return [path.with_name(f"{path.name}{suffix}") for path in taken]


def _stem(path: Path) -> str:
    """The name of a recording, without the suffix of audio; dots in other names are kept."""
    return path.stem if path.suffix.lower() in AUDIO else path.name


def _is_file(out: Path, suffix: str) -> bool:
    return out.suffix.lower() == suffix.lower()


def _write_one(of: Prediction, out: Path, save: Save) -> None:
    with TemporaryDirectory() as folder, whole_file(out) as file:
        save(of, Path(folder) / "file")
        file.write((Path(folder) / "file").read_bytes())
