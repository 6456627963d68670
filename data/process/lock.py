"""A lock, so that only one process at a time writes a features file."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, SoftFileLock, Timeout

from mdat_data.errors import InputError


@contextmanager
def exclusive(out: Path) -> Iterator[None]:
    """Lock a file for writing, by means of `<out>.lock`.

    The operating system releases the lock when the process ends, in whatever way, so a lock file
    that a dead process left does not block. This works between machines too, on disks that share
    such locks (NFS 4, GPFS, Lustre mounted with `flock`). On other disks the existence of the file
    is the lock: a file left by a dead process of the same machine is taken over, a file left by
    another machine must be removed by hand.

    Args:
        out: The file to write. Its folder is made, and removed if it is still empty at the end.

    Raises:
        InputError: Another process holds the lock.
    """
    path = _path(out)
    new = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        left = f" If it no longer runs, remove {path}." if isinstance(lock, SoftFileLock) else ""
        raise InputError(
            f"{out} is being written by another process ({_holder(path)}). Wait for that process, "
            f"end it, or choose another --out.{left}"
        ) from None
    try:
        if not isinstance(lock, SoftFileLock):  # a soft lock writes its own line
            path.write_text(_this_process(), encoding="utf-8")
        yield
    finally:
        path.unlink(missing_ok=True)  # before the release: afterwards another process may own it
        lock.release()
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
