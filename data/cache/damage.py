"""What to say about a features file that is damaged."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mdat_data.errors import InputError

DAMAGE = (OSError, RuntimeError, KeyError, ValueError, TypeError)
"""What reading a damaged file raises."""


@contextmanager
def reporting_damage(path: Path) -> Iterator[None]:
    """Say what to do about a file that cannot be read.

    Args:
        path: The file.

    Raises:
        InputError: Reading it failed.
    """
    try:
        yield
    except InputError:
        raise
    except DAMAGE as error:
        raise InputError(
            f"{path} is damaged: {error}. Restore it from a copy, or remove it and make it again."
        ) from error
