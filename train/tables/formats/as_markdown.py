"""Tables as GitHub's Markdown."""

from collections.abc import Sequence

from mdat_data.markdown import escaped, table
from mdat_train.tables.cells.table import Table
from mdat_train.tables.formats.wording import Grid, grids, title_of


def markdown(tables: Sequence[Table]) -> str:
    """A document with all tables."""
    return "\n".join([f"# {title_of(tables)}\n", *map(markdown_table, tables)])


def markdown_table(of: Table) -> str:
    """A table with a heading, its comparisons and its notes."""
    cells, *compared = grids(of)
    parts = [f"## {escaped(cells.title)}\n", _grid(cells)]
    parts += [f"{escaped(grid.title)}\n\n{_grid(grid)}" for grid in compared]
    notes = "".join(f"- {escaped(note)}\n" for note in of.notes)
    return "\n".join([*parts, notes])


def _grid(grid: Grid) -> str:
    rows = ([*map(escaped, row)] for row in grid.rows)
    return table([*map(escaped, grid.head)], rows, texts=grid.texts)
