"""Claims the folder of a run before anything is trained, so that two runs never share one."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from mdat_data import InputError
from mdat_data.process.lock import HeldError, exclusive
from mdat_data.process.output import check_writable, numbered, remove_leftovers

RUNS = "runs"
"""Folder of the kept runs, in the folder of a report."""


class TakenError(InputError):
    """The folder of a run exists."""


@contextmanager
def claimed(out: Path) -> Iterator[Path]:
    """Claim the folder of a run, which must not exist.

    Args:
        out: The folder.

    Yields:
        The folder.

    Raises:
        InputError: It exists, cannot be made, or another process has claimed it.
    """
    _refuse_existing(out)
    with exclusive(out):
        _refuse_existing(out)  # another process may have finished it just now
        yield out


@contextmanager
def claimed_report(out: Path) -> Iterator[Path]:
    """Claim the folder of a report, which may exist.

    Args:
        out: The folder. Its finished runs are kept in `runs`.

    Yields:
        The folder.

    Raises:
        InputError: It cannot be made or written, or another process has claimed it.
    """
    check_writable(out / RUNS / "run")
    with exclusive(out / RUNS):
        remove_leftovers(out)
        remove_leftovers(out / RUNS)
        yield out


@contextmanager
def claimed_next(
    first: Path, claim: Callable[[Path], AbstractContextManager[Path]] = claimed
) -> Iterator[Path]:
    """Claim the first free folder of `first`, `first-2`, `first-3`, ….

    Args:
        first: The folder, unless it exists or another process has claimed it.
        claim: Claims it: `claimed` or `claimed_report`.

    Yields:
        The folder.

    Raises:
        InputError: It cannot be made.
    """
    for out in (folder for folder in numbered(first) if not os.path.lexists(folder)):
        with ExitStack() as stack:
            try:
                stack.enter_context(claim(out))
            except (HeldError, TakenError):
                continue
            yield out
            return


def _refuse_existing(out: Path) -> None:
    if os.path.lexists(out):
        raise TakenError(f"{out} must not exist, but does. Choose another --out, or remove it.")
