"""Formats with a file for each recording."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os.path import commonprefix, normpath
from pathlib import Path
from tempfile import TemporaryDirectory

from mdat_data.errors import InputError
from mdat_data.printable import one_line
from mdat_data.process.output import LONGEST_NAME, numbered, whole_file, whole_folder
from mdat_data.process.packages import require
from mdat_data.readers.file_names import AUDIO
from mdat_predict.prediction import Prediction

Save = Callable[[Prediction, Path, float], None]
"""Writes a recording into a new file; the number is the lowest probability of an answer."""


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


@dataclass(frozen=True, kw_only=True)
class FileOfEach:
    """A format with a file for each recording.

    Args:
        suffix: Of the files.
        package: What writes them, by its import name.
        purpose: What that does, for the message where it is missing.
        save: Writes a recording.
    """

    suffix: str
    package: str
    purpose: str
    save: Save

    def check(self, out: Path, *, recordings: int) -> None:
        """Refuse what `write` cannot write.

        Args:
            out: A file that ends in the suffix, for one recording, or a new folder.
            recordings: Number of recordings.

        Raises:
            InputError: The package is not installed, or `out` is one file for several recordings,
                or a folder that exists.
        """
        require(self.package, self.purpose, extra="formats")
        if not self._is_file(out):
            check_new(out)
        elif recordings > 1:
            raise InputError(
                f"expected one recording for {out}, because a {self.suffix} file holds no more; "
                f"got {recordings}. Give --out a folder, and choose the --format."
            )

    def write(self, predictions: Sequence[Prediction], out: Path, *, reject: float) -> None:
        """Write a file for each recording, all of them or none.

        Args:
            predictions: The recordings.
            out: The file of one recording, or the folder of all, as in `check`.
            reject: Lowest probability of an answer.

        Raises:
            InputError: As in `check`.
        """
        self.check(out, recordings=len(predictions))
        if self._is_file(out):
            for of in predictions:
                with TemporaryDirectory() as folder, whole_file(out) as file:
                    self.save(of, Path(folder) / "file", reject)
                    file.write((Path(folder) / "file").read_bytes())
            return
        with whole_folder(out) as folder:
            for of, place in zip(predictions, places(predictions, self.suffix), strict=True):
                (folder / place).parent.mkdir(parents=True, exist_ok=True)
                self.save(of, folder / place, reject)

    def _is_file(self, out: Path) -> bool:
        return out.suffix.lower() == self.suffix.lower()


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
