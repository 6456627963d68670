"""The error for wrong input, and how its messages are made."""

from collections.abc import Iterable
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from mdat_data.printable import one_line, printable


class InputError(ValueError):
    """The user's files or options are wrong.

    The message has three parts, in the user's own names: what was expected, what was got, and the
    way out. The commands print it without a traceback and exit with code 2. Any other exception is
    a bug and keeps its traceback. Words of others in the message cannot control the terminal.
    """

    def __str__(self) -> str:
        return printable(super().__str__())


def expect(config: Any, name: str, expected: str, holds: bool) -> None:
    """Refuse a value of a configuration.

    Args:
        config: The configuration, a dataclass; each of its fields is the option of the same name.
        name: The field.
        expected: What its value must be.
        holds: Whether it is.

    Raises:
        InputError: It is not.
    """
    if not holds:
        [default] = [field.default for field in fields(config) if field.name == name]
        raise InputError(
            f"expected --{name.replace('_', '-')} to be {expected}, got "
            f"{getattr(config, name)!r}. Its default is {default}."
        )


def meant(word: str, known: Iterable[str]) -> str:
    """Ask whether the user meant the known word that is most alike.

    Args:
        word: A word that is not known.
        known: The known words.

    Returns:
        A question in brackets, with a blank before it; empty if no word is alike.

    Example:
        >>> meant("hapy", ["angry", "happy"])
        ' (did you mean happy?)'
        >>> meant("x", ["angry", "happy"])
        ''
    """
    alike = get_close_matches(word, list(known), n=1)
    return f" (did you mean {one_line(alike[0])}?)" if alike else ""


def listed(items: Iterable[str], *, shown: int = 10, separator: str = ", ") -> str:
    r"""List the first items, each on one line, and count the rest.

    Args:
        items: The items.
        shown: Number of items that are listed.
        separator: Text between two items. The count of the rest is separated by the same white
            space, without punctuation.

    Returns:
        The text, with all items where there are at most `shown`.

    Example:
        >>> listed("abcdef", shown=2)
        'a, b and 4 more'
        >>> listed("abcdef", shown=2, separator="\n")
        'a\nb\nand 4 more'
        >>> listed("ab", shown=2)
        'a, b'
    """
    everything = list(map(one_line, items))
    text = separator.join(everything[:shown])
    rest = len(everything) - shown
    return f"{text}{separator.lstrip(',;')}and {rest} more" if rest > 0 else text
