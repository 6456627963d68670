"""Files that appear under their names whole and flushed to the disk, or not at all."""

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mdat_data.errors import InputError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The disk is full, a quota is used up, or the file is larger than is allowed."""


@contextmanager
def published(path: Path) -> Iterator[io.BufferedRandom]:
    """Open a new file that takes its name when it is whole.

    Args:
        path: Its name; what is there is replaced.

    Yields:
        The file, open for writing and reading.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        with temporary.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the system can."""
    with suppress(OSError):  # network disks and Windows have no such thing
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def reporting_full_disk(out: Path) -> Iterator[None]:
    """Say what to do when there is no room.

    Args:
        out: The file that is being written.

    Raises:
        InputError: There was none.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise InputError(
            f"there is no room to write {out}: {os.strerror(error.errno)}. Finished batches are "
            f"kept in {out}.parts: make room on that disk (or raise the quota or limit), and the "
            "same command goes on."
        ) from error


class ErrorKeepingFile(io.RawIOBase):
    """A file for HDF5, which ends the whole process when a write fails (segmentation fault).

    So no write fails: the first error is kept, nothing is written after it, and `check` raises it.

    Args:
        file: Where to write.
    """

    def __init__(self, file: io.RawIOBase) -> None:
        super().__init__()
        self._file = file
        self._error: OSError | None = None

    def check(self) -> None:
        """Raise the error that was kept, if there is one."""
        if self._error:
            raise self._error

    def stop(self) -> None:
        """Write nothing more, as after an error."""
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
        """Move to a place."""
        return self._file.seek(offset, whence)
