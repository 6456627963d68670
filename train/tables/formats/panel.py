"""What a figure shows of one pair under one protocol."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mdat_train.tables.cells.table import Cell, Row, Table

DRAWN = ("MDAT", "BiLSTM")
"""Systems with a curve."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A pair under one protocol.

    Attributes:
        title: Protocol, and whether it is transductive; nothing without a curve of ours.
        rows: Of Table V, with ascending shots.
        columns: Of Table V.
        level: MDAT within the target, of Table II.
    """

    title: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    level: Cell

    @property
    def shots(self) -> list[int]:
        """Of each row."""
        return [int(row.head[2]) for row in self.rows]

    def cells(self, system: str) -> list[Cell]:
        """The curve of a system."""
        return [row.cells[self.columns.index(system)] for row in self.rows]

    def is_ours(self) -> bool:
        """There is a curve of ours."""
        return any(cell.result for system in DRAWN for cell in self.cells(system))

    def without_ours(self) -> "Panel":
        """The paper's points alone, which have no protocol of ours."""
        return replace(self, title="", level=Cell(published=self.level.published))


def panels_of_pairs(tables: Sequence[Table]) -> dict[tuple[str, str], list[Panel]]:
    """For each pair (source, target) a panel for each protocol.

    Args:
        tables: As `build_tables` makes them.
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
