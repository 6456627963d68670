r"""Text for a terminal: words of others may hold control characters, which would move its cursor.

Where a word stands alone, as an id in a list, `one_line` keeps it on its line. The text that is
printed in the end goes through `printable`.
"""

import re

UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, separators of lines, marks that reverse the order of what follows, halves of
characters, which no encoding has, and what is no character, which XML does not hold."""


def one_line(text: str) -> str:
    r"""Write what a terminal cannot show, line breaks included, as Python does.

    Args:
        text: A word of a corpus, such as an id.

    Returns:
        The word, on one line.

    Example:
        >>> print(one_line("sad\x1b[31m\n"))
        sad\x1b[31m\n
    """
    return UNPRINTABLE.sub(lambda found: repr(found[0])[1:-1], text)


def shortened(text: str, longest: int) -> str:
    r"""Write a word on one line, and cut it if it is long.

    Args:
        text: A word of a corpus, such as an emotion.
        longest: Characters of the longest result.

    Returns:
        The word, or its beginning with an ellipsis.

    Example:
        >>> print(shortened("disappointment", 8), shortened("sad", 8))
        disappo… sad
    """
    word = one_line(text)
    return word if len(word) <= longest else f"{word[: longest - 1]}…"


def printable(text: str) -> str:
    r"""Write what a terminal cannot show as Python does, and keep the lines.

    Args:
        text: Lines of text.

    Returns:
        The same number of lines.

    Example:
        >>> print(printable("one\x07\ntwo"))
        one\x07
        two
    """
    return "\n".join(map(one_line, text.split("\n")))
