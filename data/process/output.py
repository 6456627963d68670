"""Where results go."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mdat_data.errors import InputError


def check_writable(out: Path) -> None:
    """Refuse a place where nothing can be made, before hours of work.

    Args:
        out: The file or folder that will be written.

    Raises:
        InputError: The nearest folder above `out` that exists may not be written to.
    """
    parent = next(parent for parent in out.absolute().parents if parent.exists())
    if not (parent.is_dir() and os.access(parent, os.W_OK)):
        raise InputError(
            f"{out} cannot be made: {parent} is no folder that may be written to. Choose another "
            "--out."
        )


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Make a folder that appears when everything is in it; of a failure nothing stays.

    Args:
        path: Of the folder, which must not exist.

    Yields:
        The folder to fill, which becomes `path`.
    """
    temporary = path.with_name(f"{path.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)  # of a run that was killed
    temporary.mkdir(parents=True)
    try:
        yield temporary
        temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
