"""Words and tables in GitHub's Markdown."""

import re
from collections.abc import Iterable, Sequence

from mdat_data.printable import printable


def escaped(text: str) -> str:
    r"""Write a text so that nothing in it is markup; line breaks stay inside of a table's cell.

    Args:
        text: Words of others.

    Returns:
        Markdown that shows them as they are.

    Example:
        >>> print(escaped("a|b *c*"))
        a\|b \*c\*
    """
    text = re.sub(r"[\\|*_<>`$~#]|&(?=#?\w+;)|(?<=\])\(", r"\\\g<0>", printable(text))
    return text.replace("\n", "<br>")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, texts: int = 1) -> str:
    """Write a table.

    Args:
        head: Headings of the columns, in Markdown.
        rows: A cell for each column, in Markdown.
        texts: Number of columns on the left that hold words, not numbers.

    Returns:
        Its lines, each with its line break.

    Example:
        >>> print(table(["emotion", "count"], [["sad", "62"]]), end="")
        | emotion | count |
        | --- | ---: |
        | sad | 62 |
    """
    rule = ["---"] * texts + ["---:"] * (len(head) - texts)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, rule, *rows))
