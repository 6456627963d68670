"""Full disks and damaged files: clear messages, and no crash inside HDF5."""

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mdat_data.errors import InputError
from mdat_data.process.output import NO_ROOM

DAMAGE = (OSError, RuntimeError, KeyError, ValueError, TypeError)
"""What reading a damaged file raises."""


@contextmanager
def reporting_full_disk(out: Path) -> Iterator[None]:
    """Turn the error of a full disk into a message that gives the way out.

    Args:
        out: The file that is being written.

    Raises:
        InputError: The disk or the quota is full, or the file is larger than allowed.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise InputError(
            f"there is no room to write {out}: {os.strerror(error.errno)}. Finished batches are "
            f"kept in {out}.parts. Make room on that disk (or raise the quota or limit) and repeat "
            "the command: it continues."
        ) from error


@contextmanager
def reporting_damage(path: Path) -> Iterator[None]:
    """Turn the errors of reading a damaged file into a message that gives the way out.

    Args:
        path: The file.

    Raises:
        InputError: Reading the file failed.
    """
    try:
        yield
    except InputError:
        raise
    except DAMAGE as error:
        raise InputError(
            f"{path} is damaged: {error}. Restore it from a copy, or remove it and make it again."
        ) from error


class ErrorKeepingFile(io.RawIOBase):
    """A file for HDF5, which crashes the process (segmentation fault) when a write fails.

    Therefore writing never raises here: the first error is kept, nothing is written after it, and
    `check` raises it.

    Args:
        file: The file to write to.
    """

    def __init__(self, file: io.RawIOBase) -> None:
        super().__init__()
        self._file = file
        self._error: OSError | None = None

    def check(self) -> None:
        """Raise the kept error, if there is one."""
        if self._error:
            raise self._error

    def stop(self) -> None:
        """Write nothing from now on, as after an error."""
        self._error = self._error or InterruptedError(errno.EINTR, os.strerror(errno.EINTR))

    def write(self, data: Any) -> int:
        """Write all of the data."""
        rest = memoryview(data)
        size = len(rest)
        try:
            while len(rest) and not self._error:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError as error:
            self._error = error
        return size

    def truncate(self, size: int | None = None) -> int:
        """Cut or lengthen the file."""
        try:
            return self._file.truncate(size)
        except OSError as error:
            self._error = self._error or error
            return size or 0

    def readinto(self, buffer: Any) -> int | None:
        """Read into a buffer."""
        return self._file.readinto(buffer)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a position."""
        return self._file.seek(offset, whence)
