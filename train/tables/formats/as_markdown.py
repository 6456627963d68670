"""Tables as GitHub's Markdown."""

import re
from collections.abc import Iterable, Sequence

from mdat_data.printable import printable
from mdat_train.tables.cells.table import Table
from mdat_train.tables.formats.wording import Grid, grids


def markdown(tables: Sequence[Table]) -> str:
    """A document with all tables."""
    return "\n".join(["# The paper's tables, with ours\n", *map(markdown_table, tables)])


def markdown_table(table: Table) -> str:
    """A table with a heading, its comparisons and its notes."""
    cells, *compared = grids(table)
    parts = [f"## {_escaped(cells.title)}\n", _grid(cells)]
    parts += [f"{_escaped(grid.title)}\n\n{_grid(grid)}" for grid in compared]
    notes = "".join(f"- {_escaped(note)}\n" for note in table.notes)
    return "\n".join([*parts, notes])


def _grid(grid: Grid) -> str:
    rule = ["---"] * grid.texts + ["---:"] * (len(grid.head) - grid.texts)
    lines = [_line(map(_escaped, grid.head)), _line(rule)]
    lines += [_line(map(_escaped, row)) for row in grid.rows]
    return "".join(lines)


def _line(words: Iterable[str]) -> str:
    return f"| {' | '.join(words)} |\n"


def _escaped(text: str) -> str:
    """Text without markup; line breaks stay inside the cell."""
    text = re.sub(r"[\\|*_<>`$~#]|&(?=#?\w+;)|(?<=\])\(", r"\\\g<0>", printable(text))
    return text.replace("\n", "<br>")
