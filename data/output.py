"""Where results go."""

import os
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
