"""The part files: one for each finished batch, kept until the features file is complete."""

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from mdat_data.cache.disk import reporting_damage
from mdat_data.cache.identity import digest_of, refuse_differences
from mdat_data.errors import InputError
from mdat_data.process import output

SETTINGS = "settings.json"
"""The settings of the parts, in their folder; written before the parts and removed after them."""

FOLDER = re.compile("[0-9a-f]{16}")
"""Name of that folder: `digest_of` the settings."""


class Parts:
    """The part files of one features file, in `<out>.parts/<digest of the settings>/`.

    Args:
        out: The features file.
        settings: The settings on which the parts depend, in words.

    Raises:
        InputError: `<out>.parts` is a file or a link of the user's.
    """

    def __init__(self, out: Path, settings: Mapping[str, str]) -> None:
        self._all = out.with_name(f"{out.name}.parts")
        if self._all.is_symlink() or (self._all.exists() and not self._all.is_dir()):
            raise InputError(
                f"{out} needs the folder {self._all} for its finished batches; got a file or a "
                "link of that name. Move it, or choose another --out."
            )
        self._settings = settings
        self._folder = self._all / digest_of(settings)

    def open(self) -> None:
        """Make the folder.

        Raises:
            InputError: It has parts that were made with other settings.
        """
        for other in self._all.glob(f"*/{SETTINGS}"):
            if _has_parts(other.parent):
                refuse_differences(self._all, _read_settings(other), self._settings)
        self._folder.mkdir(parents=True, exist_ok=True)
        output.remove_leftovers(self._folder)
        with output.whole_file(self._folder / SETTINGS) as file:
            file.write(json.dumps(self._settings, indent=1).encode())
        output.flush_folder(self._all)
        output.flush_folder(self._all.parent)

    def intact(self, batch: int) -> bool:
        """Whether a part exists and is undamaged: the zip format has a checksum of every array."""
        try:
            with zipfile.ZipFile(self._path(batch)) as file:
                return file.testzip() is None
        except Exception:  # a damaged file fails in many ways
            return False

    def write(self, batch: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Write a part."""
        content: dict[str, Any] = dict(arrays)
        with output.whole_file(self._path(batch)) as file:
            np.savez(file, **content)

    @contextmanager
    def read(self, batch: int) -> Iterator[Mapping[str, np.ndarray]]:
        """Open a part; each array is read when it is used."""
        with np.load(self._path(batch)) as part:
            yield part

    def remove(self) -> None:
        """Remove the parts, and their folders where nothing else is in them."""
        self._remove(self._folder)
        self._remove_without_parts()

    def remove_leftovers(self, finished: Mapping[str, str]) -> None:
        """Remove the parts of a process that was killed after it had finished the features file.

        Args:
            finished: Settings of the finished file. Parts made with other settings are kept.
        """
        for found in self._all.glob(f"*/{SETTINGS}"):
            theirs = _read_settings(found)
            if finished.items() <= theirs.items():
                self._remove(found.parent)
        self._remove_without_parts()

    def _remove_without_parts(self) -> None:
        """Remove the folders of processes that were killed before their parts or after them."""
        for folder in self._all.glob("*/"):
            if FOLDER.fullmatch(folder.name) and not _has_parts(folder):
                self._remove(folder)

    def _remove(self, folder: Path) -> None:
        """Remove what this class writes, the settings last, and nothing else."""
        for part in folder.glob("*.npz"):
            part.unlink()
        output.remove_leftovers(folder)
        (folder / SETTINGS).unlink(missing_ok=True)
        for empty in (folder, self._all):
            with suppress(OSError):  # it is not empty
                empty.rmdir()

    def _path(self, batch: int) -> Path:
        return self._folder / f"{batch:06d}.npz"


def _has_parts(folder: Path) -> bool:
    return any(folder.glob("*.npz"))


def _read_settings(path: Path) -> dict[str, str]:
    with reporting_damage(path):
        return dict(json.loads(path.read_text(encoding="utf-8")))
