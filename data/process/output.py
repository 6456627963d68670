"""Output that appears under its name when it is complete, or not at all."""

import errno
import io
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from mdat_data.errors import InputError

MARK = ".mdat-tmp"
"""End of the names of what is not complete yet."""

LONGEST_NAME = 200
"""Bytes of the longest name of an output. Systems allow 255, and `<out>.lock` is longer."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The disk is full, a quota is used up, or the file is larger than allowed."""


def check_writable(out: Path) -> None:
    """Refuse a place where nothing can be written, before hours of work.

    Args:
        out: The file or folder that will be written.

    Raises:
        InputError: The name cannot be used, or the nearest existing folder above `out` is not
            writable.
    """
    if out.name in ("", "..") or not 0 < len(os.fsencode(out.resolve().name)) <= LONGEST_NAME:
        raise InputError(
            f"{out} cannot be written: it must have a name of at most {LONGEST_NAME} bytes. Choose "
            "another --out."
        )
    parent = out
    try:
        parent = next(parent for parent in out.absolute().parents if parent.exists())
        with tempfile.TemporaryFile(dir=parent):  # permissions do not tell everything: /proc
            pass
    except OSError as error:
        raise InputError(
            f"{out} cannot be written: {parent} is not a writable folder. Choose another --out. "
            f"({os.strerror(error.errno or errno.EIO)})"
        ) from None


@contextmanager
def whole_file(path: Path) -> Iterator[io.BufferedRandom]:
    """Open a new file that takes its name when it is complete and on the disk.

    A failure leaves nothing behind, and an existing file of that name as it was.

    Args:
        path: The name. An existing file is replaced; a link is replaced, and not followed.

    Yields:
        The file, open for writing and reading bytes.

    Raises:
        InputError: There is a folder of that name.
        OSError: It cannot be written; the error has the name.
    """
    if path.is_dir():
        raise InputError(f"{path} must be a file; got a folder. Move it, or choose another --out.")
    temporary = _temporary(path)
    try:
        with temporary.open("x+b") as file:  # never a file or a link that exists
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None
        raise
    flush_folder(path.parent)


@contextmanager
def whole_folder(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """Make a folder that takes its name when everything in it is complete and on the disk.

    A failure leaves nothing behind.

    Args:
        path: The name. The folders above it are made.
        replace: Replace a folder of that name.

    Yields:
        The folder to fill, under a temporary name.

    Raises:
        OSError: It cannot be written; the error has a name.
        FileExistsError: The name is taken, and `replace` is False.
    """
    temporary, former = _temporary(path), _temporary(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary.mkdir()
    try:
        yield temporary
        _flush_content(temporary)
        if os.path.lexists(path):
            if not replace:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            path.rename(former)
        temporary.rename(path)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    flush_folder(path.parent)
    shutil.rmtree(former, ignore_errors=True)


def remove_leftovers(folder: Path, name: str | None = None) -> None:
    """Remove what killed processes left under temporary names.

    Call it only while no other process writes there, so while holding `exclusive`.

    Args:
        folder: Where to look. It need not exist.
        name: Of the output that was not completed; None stands for all.
    """
    of_name = ".+" if name is None else re.escape(name)
    pattern = re.compile(rf"\.{of_name}\.[0-9a-f]{{16}}{re.escape(MARK)}")
    with suppress(FileNotFoundError, NotADirectoryError):
        for left in [path for path in folder.iterdir() if pattern.fullmatch(path.name)]:
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def numbered(path: Path) -> Iterator[Path]:
    """A path, and then the same with 2, 3, … behind its name."""
    yield path
    yield from (path.with_name(f"{path.name}-{number}") for number in count(2))


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the system supports it."""
    with suppress(OSError):  # network disks and Windows do not
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _temporary(path: Path) -> Path:
    """A name in the same folder that nobody can foresee."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}{MARK}")


def _flush_content(folder: Path) -> None:
    """Flush all files and folders in a folder, and the folder itself."""
    for path in folder.rglob("*"):
        if path.is_dir():
            flush_folder(path)
        else:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    flush_folder(folder)
