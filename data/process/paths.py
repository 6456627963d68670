"""Paths that a user gives: refused at once where no file can have them."""

import os
from os import PathLike
from pathlib import Path
from typing import Any

import click

from mdat_data.errors import InputError

LONGEST_NAME = 255
LONGEST_PATH = 4000
"""Bytes of the longest name of a file or folder, and of the longest path, almost everywhere."""


def usable_path(path: str | PathLike[str], option: str) -> Path:
    r"""Refuse a path that no file here can have.

    Args:
        path: As the user gave it.
        option: Name of the option, for the message.

    Returns:
        The path.

    Raises:
        InputError: It is empty, has a NUL or a name that is too long, or is one of Windows on
            another system.

    Example:
        >>> usable_path("runs/x", "--out").name
        'x'
    """
    text = os.fspath(path)
    if not text or "\0" in text or len(os.fsencode(text)) > LONGEST_PATH:
        raise InputError(
            f"{option} must be the path of a file or folder, of 1 to {LONGEST_PATH} bytes; got "
            f"{len(os.fsencode(text))}, {text[:20]!r}. Give another one."
        )
    long = max(Path(text).parts, key=lambda name: len(os.fsencode(name)), default="")
    if len(os.fsencode(long)) > LONGEST_NAME:
        raise InputError(
            f"{option} must have names of at most {LONGEST_NAME} bytes; got one of "
            f"{len(os.fsencode(long))}, {long[:20]}…. Choose a shorter one."
        )
    if os.sep == "/" and "\\" in text and not os.path.lexists(text):
        raise InputError(
            f"{option} must separate folders by / on this system; got the Windows path {text}. "
            "Write it with /."
        )
    return Path(text)


class UsablePath(click.Path):
    """The type of an option that takes a path which a file here can have.

    Args:
        **checks: As for `click.Path`.
    """

    def __init__(self, **checks: Any) -> None:
        super().__init__(path_type=Path, **checks)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Check and convert a value."""
        option = param.opts[0] if param and param.opts else "the path"
        try:
            path = usable_path(value, option)
        except InputError as error:
            message = str(error).removeprefix(f"{option} ")
            raise click.BadParameter(message, ctx, param) from None
        super().convert(path, param, ctx)
        return path
