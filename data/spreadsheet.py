"""Words in CSV, which a spreadsheet must not take for formulas."""

import re

FORMULA = re.compile(r"'*[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def as_cell(word: str) -> str:
    """Write a word for CSV: before one that a spreadsheet would compute stands an apostrophe.

    Args:
        word: A word of a corpus, such as an id.

    Returns:
        What stands in the cell. A number stays as it is.

    Example:
        >>> as_cell("=1+1"), as_cell("-1"), as_cell("sad")
        ("'=1+1", '-1', 'sad')
    """
    return f"'{word}" if FORMULA.match(word) and not NUMBER.fullmatch(word) else word


def from_cell(cell: str) -> str:
    """Read a word that `as_cell` wrote.

    Example:
        >>> from_cell("'=1+1"), from_cell("-1"), from_cell("'tis")
        ('=1+1', '-1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
