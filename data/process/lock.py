"""One process at a time writes a features file."""

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
    """Hold the right to write a file, and say so in `<out>.lock`.

    The operating system holds the lock and drops it with the process, however that ends: a lock
    file that a dead process left does not block. This holds between machines too on disks that
    share such locks (NFS 4, GPFS, Lustre mounted with `flock`). On a disk that has none the file
    itself is the lock: one left by a dead process of the same machine is taken over, one left by
    another machine has to be removed by hand.

    Args:
        out: The file to write; its folder is made, and removed if nothing is written.

    Raises:
        InputError: Another process holds it; which, is named.
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
            f"{out} is being written by another process ({_holder(path)}). Wait for it, end it, or "
            f"choose another --out.{left}"
        ) from None
    try:
        if not isinstance(lock, SoftFileLock):  # that one writes its own line
            path.write_text(_this_process(), encoding="utf-8")
        yield
    finally:
        path.unlink(missing_ok=True)  # before the release: afterwards it may be another's
        lock.release()
        for folder in new:
            with suppress(OSError):  # it holds what was written
                folder.rmdir()


def refuse_held(out: Path) -> None:
    """Refuse a file that another process is writing; nothing is made.

    Args:
        out: The file.

    Raises:
        InputError: Another process holds it; which, is named.
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
        return " ".join(path.read_text(encoding="utf-8").split()) or "which just began"
    except OSError:
        return "which just ended"
