"""The data of a figure: one panel for each protocol of a pair of corpora."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mdat_train.tables.cells.table import Cell, Row, Table

DRAWN = ("MDAT", "BiLSTM")
"""Models with a curve."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A pair under one protocol.

    Attributes:
        title: The protocol, and whether it is transductive; empty without a curve of ours.
        rows: The rows of Table V for the pair, with ascending numbers of shots.
        columns: The columns of Table V.
        level: The cell of MDAT within the target, from Table II.
    """

    title: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    level: Cell

    @property
    def shots(self) -> list[int]:
        """The number of shots of each row."""
        return [int(row.head[2]) for row in self.rows]

    def cells(self, model: str) -> list[Cell]:
        """The cells of a model's curve."""
        return [row.cells[self.columns.index(model)] for row in self.rows]

    def has_ours(self) -> bool:
        """Whether there is a curve of ours."""
        return any(cell.result for model in DRAWN for cell in self.cells(model))

    def without_ours(self) -> "Panel":
        """Only the paper's points, which have no protocol of ours."""
        return replace(self, title="", level=Cell(published=self.level.published))


def panels_of_pairs(tables: Sequence[Table]) -> dict[tuple[str, str], list[Panel]]:
    """Make the panels of every pair.

    Args:
        tables: As `build_tables` makes them.

    Returns:
        Source and target -> a panel for each protocol.
    """
    within = {table.protocol: table for table in tables if table.number == "II"}
    panels: dict[tuple[str, str], list[Panel]] = {}
    for table in tables:
        if table.number == "V":
            for pair in dict.fromkeys((row.head[0], row.head[1]) for row in table.rows):
                panels.setdefault(pair, []).append(_panel(pair, table, within[table.protocol]))
    return panels


def _panel(pair: tuple[str, str], shots: Table, within: Table) -> Panel:
    transductive = ", transductive" if shots.transductive or within.transductive else ""
    target = next(row for row in within.rows if row.name == pair[1])
    return Panel(
        title=f"protocol {shots.protocol}{transductive}",
        rows=tuple(row for row in shots.rows if row.head[:2] == pair),
        columns=shots.columns,
        level=target.cells[within.columns.index("MDAT")],
    )
