"""Printing that never ends a command: its results are worth more than the words about them."""

import os
import sys

from mdat_data.printable import printable


def say(text: str) -> None:
    """Print a text. If nobody can read it, the work continues all the same.

    What the terminal has no characters for is written as Python does, and control characters do
    not reach it. A closed pipe or a full disk ends the output, and not the command.

    Args:
        text: One or more lines.
    """
    encoding = sys.stdout.encoding or "utf-8"
    shown = printable(text).encode(encoding, "backslashreplace").decode(encoding)
    try:
        sys.stdout.write(f"{shown}\n")
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
