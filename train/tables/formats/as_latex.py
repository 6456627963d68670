"""Tables as LaTeX; the only package that it needs is booktabs."""

from collections.abc import Iterable, Iterator, Sequence

from mdat_data.printable import printable
from mdat_train.tables.cells.table import Table
from mdat_train.tables.formats.wording import Grid, grids

PAGE = 12
"""Rows of one float; a longer grid continues in the next float."""

WIDE = 14
"""Longest heading, in characters, that fits on one line."""

CHARACTERS = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "±": r"$\pm$",
    "−": "$-$",
    "→": r"$\rightarrow$",
    ">": "$>$",
    "<": "$<$",
    # LaTeX reads an opening bracket after the end of a line as an option.
    "[": "{[}",
    "]": "{]}",
}
"""Characters that LaTeX reads as markup, or that its default encoding lacks."""


def latex_table(table: Table) -> str:
    r"""A table as floats, with its comparisons and its notes, for `\usepackage{booktabs}`."""
    floats = [text for grid in grids(table) for text in _floats(grid)]
    notes = "".join(f"\\item {escaped(note)}\n" for note in table.notes)
    return "\n".join([*floats, f"\\begin{{itemize}}\n{notes}\\end{{itemize}}\n"])


def escaped(text: str) -> str:
    r"""Text for LaTeX, without markup.

    Example:
        >>> escaped("± 20 % [1, 2]")
        '$\\pm$ 20 \\% {[}1, 2{]}'
    """
    return "".join(CHARACTERS.get(character, character) for character in printable(text))


def _floats(grid: Grid) -> Iterator[str]:
    pages = [grid.rows[start : start + PAGE] for start in range(0, len(grid.rows), PAGE)]
    for number, rows in enumerate(pages, start=1):
        part = f" ({number} of {len(pages)})" if len(pages) > 1 else ""
        yield _float(grid, rows, escaped(grid.title + part))


def _float(grid: Grid, rows: Sequence[Sequence[str]], caption: str) -> str:
    columns = "l" * grid.texts + "r" * (len(grid.head) - grid.texts)
    lines = [
        r"\begin{table}",
        r"\centering\scriptsize\setlength{\tabcolsep}{3pt}",
        f"\\caption{{{caption}}}",
        f"\\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        _line(map(_heading, grid.head)),
        r"\midrule",
        "\\addlinespace\n".join(_line(map(_stacked, row)) + "\n" for row in rows) + r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _line(words: Iterable[str]) -> str:
    return " & ".join(words) + r" \\"


def _heading(text: str) -> str:
    """A heading; a long one is set in a narrow box."""
    if len(text) <= WIDE:
        return escaped(text)
    return f"\\parbox[b]{{7em}}{{\\raggedright {escaped(text)}}}"


def _stacked(text: str) -> str:
    """The lines of a cell, one below the other, so that columns stay narrow."""
    lines = text.replace(" [", "\n[").split("\n")
    stacked = r"\\ ".join(map(escaped, lines))
    return stacked if len(lines) == 1 else f"\\shortstack[r]{{{stacked}}}"
