"""What libraries write to standard error in the workers: shown only where something fails."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from mdat_data import InputError


@cache
def _directory() -> TemporaryDirectory[str]:
    """Removed when this process ends."""
    return TemporaryDirectory(prefix="mdat-")


def folder() -> Path:
    """The folder of the notices of this process's workers, one file each."""
    return Path(_directory().name)


def keep(notices: Path) -> None:
    """Send the standard error of this process, a worker, to a file.

    Args:
        notices: The `folder` of the main process.
    """
    file = os.open(notices / str(os.getpid()), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, 2)
    os.close(file)


@contextmanager
def shown_on_failure() -> Iterator[None]:
    """Show the notices of the workers if something fails that is not an error of the user."""
    try:
        yield
    except (InputError, OSError):
        raise
    except Exception:
        for path in sorted(folder().iterdir()):
            sys.stderr.write(path.read_text(encoding="utf-8", errors="replace"))
        raise
