"""A lock, so that only one process at a time writes a features file, a run or a report."""

import errno
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

from mdat_data.errors import InputError
from mdat_data.process.output import check_writable, remove_leftovers

OURS = re.compile(rb"pid \d+ on |\d+\n|$")
"""How a lock file begins: with the process that holds it."""


class HeldError(InputError):
    """Another process holds the lock."""


@contextmanager
def exclusive(out: Path) -> Iterator[None]:
    """Lock a file or a folder for writing, by means of `<out>.lock`.

    The operating system releases the lock when the process ends, in whatever way, so a lock file
    that a dead process left does not block. This works between machines too, on disks that share
    such locks (NFS 4, GPFS, Lustre mounted with `flock`). On other disks the existence of the file
    is the lock: a file left by a dead process of the same machine is taken over, a file left by
    another machine must be removed by hand.

    What killed processes left of `out` under temporary names is removed: nobody writes it now.

    Args:
        out: What to write. Its folder is made, and removed if it is still empty at the end.

    Raises:
        HeldError: Another process holds the lock.
        InputError: It cannot be made.
    """
    check_writable(out)
    path = _path(out)
    new = [folder for folder in path.parents if not folder.exists()]
    try:
        lock = _acquired(path, out)
        try:
            remove_leftovers(out.parent, out.name)
            yield
        finally:
            path.unlink(missing_ok=True)  # before the release: then another process may own it
            lock.release()
    finally:
        for folder in new:
            with suppress(OSError):  # not empty
                folder.rmdir()


def refuse_held(out: Path) -> None:
    """Refuse a file that another process is writing. Nothing is made on the disk.

    Args:
        out: The file.

    Raises:
        InputError: Another process holds the lock.
    """
    if _path(out).exists():
        with exclusive(out):
            pass


def _acquired(path: Path, out: Path) -> BaseFileLock:
    """Acquire the lock, and write into its file who holds it."""
    _refuse_foreign(path, out)
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
        if not isinstance(lock, SoftFileLock):  # a soft lock writes its own line
            with open(path, "r+", encoding="utf-8", opener=_not_following) as file:
                file.write(_this_process())
                file.truncate()
    except Timeout:
        left = f" If it no longer runs, remove {path}." if isinstance(lock, SoftFileLock) else ""
        raise HeldError(
            f"{out} is being written by another process ({_holder(path)}). Wait for that process, "
            f"end it, or choose another --out.{left}"
        ) from None
    except OSError as error:
        lock.release()
        raise InputError(
            f"{out} cannot be written: {path}: {os.strerror(error.errno or errno.EIO)}. Choose "
            "another --out."
        ) from error
    return lock


def _refuse_foreign(path: Path, out: Path) -> None:
    """Refuse a lock file that is something of the user's: it would be overwritten and removed."""
    if os.path.lexists(path) and not (
        path.is_file() and not path.is_symlink() and OURS.match(path.read_bytes())
    ):
        raise InputError(
            f"{out} needs {path} as its lock, but that is another file. Move it, or choose another "
            "--out."
        )


def _not_following(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


def _path(out: Path) -> Path:
    return out.with_name(f"{out.name}.lock")


def _this_process() -> str:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return f"pid {os.getpid()} on {socket.gethostname()} since {since}"


def _holder(path: Path) -> str:
    try:
        return " ".join(path.read_text(encoding="utf-8").split()) or "just started"
    except OSError:
        return "just ended"
