"""Output that appears under its name when it is complete, or not at all."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mdat_data.errors import InputError


def check_writable(out: Path) -> None:
    """Refuse a place where nothing can be written, before hours of work.

    Args:
        out: The file or folder that will be written.

    Raises:
        InputError: The nearest existing folder above `out` is not writable.
    """
    parent = next(parent for parent in out.absolute().parents if parent.exists())
    if not (parent.is_dir() and os.access(parent, os.W_OK)):
        raise InputError(
            f"{out} cannot be written: {parent} is not a writable folder. Choose another --out."
        )


@contextmanager
def whole_file(path: Path) -> Iterator[io.BufferedRandom]:
    """Open a new file that takes its name when it is complete and on the disk.

    A failure leaves nothing behind, and an existing file of that name as it was.

    Args:
        path: The name. An existing file is replaced.

    Yields:
        The file, open for writing and reading bytes.
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


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Make a folder that takes its name when everything in it is complete and on the disk.

    A failure leaves nothing behind.

    Args:
        path: The name. No such folder may exist; the folders above it are made.

    Yields:
        The folder to fill, under a temporary name.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)  # left by a process that was killed
    temporary.mkdir(parents=True)
    try:
        yield temporary
        _flush_content(temporary)
        temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the system supports it."""
    with suppress(OSError):  # network disks and Windows do not
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _flush_content(folder: Path) -> None:
    """Flush all files and folders in a folder, and the folder itself."""
    for path in folder.rglob("*"):
        if path.is_dir():
            flush_folder(path)
        else:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    flush_folder(folder)
