"""The records of a table: cells, rows, and the table itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mdat_train.evaluation.change import Change
from mdat_train.evaluation.comparison import Comparison, holm
from mdat_train.runs.run import ConditionMetrics
from mdat_train.tables.cells.published import Published


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One model on one task: our result and the paper's.

    Attributes:
        result: Our metrics; None where nothing was run.
        published: The paper's number; None where the paper has none.
        comparison: MDAT compared with this model; None where no comparison is planned.
        change: Change to the full model; None except in ablations.
    """

    result: ConditionMetrics | None = None
    published: Published | None = None
    comparison: Comparison | None = None
    change: Change | None = None

    @property
    def ua(self) -> float | None:
        """Our mean UA in percent."""
        return None if self.result is None else 100 * self.result.ua.mean

    @property
    def reach(self) -> tuple[float, float]:
        """The parts of the interval below and above our mean, in points; 0 without one."""
        interval = self.result.interval if self.result else None
        if self.ua is None or interval is None:
            return (0.0, 0.0)
        return max(0.0, self.ua - 100 * interval.low), max(0.0, 100 * interval.high - self.ua)

    @property
    def difference(self) -> float | None:
        """Our mean UA minus the paper's, in points."""
        if self.ua is None or self.published is None:
            return None
        return self.ua - self.published.reference


@dataclass(frozen=True, kw_only=True)
class Row:
    """A task, or in ablations a model, with a cell for each column.

    Attributes:
        name: Identifies the row outside of the table.
        head: The texts to the left of the cells.
        cells: One for each column.
    """

    name: str
    head: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of the paper under one protocol.

    Attributes:
        number: Roman, as in the paper.
        title: What it shows.
        protocol: `paper` or `strict`; None for a table without runs of ours.
        transductive: At least one model uses the unlabelled target.
        head: Headings of the texts to the left of the cells.
        columns: Headings of the cells.
        rows: In the paper's order.
        notes: What a reader must know; each note is one or more sentences.
        ours: What the comparisons are about: this, less the column of the cell.
    """

    number: str
    title: str
    protocol: str | None
    transductive: bool
    head: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    ours: str = "MDAT"

    @property
    def name(self) -> str:
        """Name of its files, without the ending."""
        return "_".join(filter(None, ("table", self.number, self.protocol)))

    @property
    def heading(self) -> str:
        """Number, protocol and title."""
        protocol = f", protocol {self.protocol}" if self.protocol else ""
        transductive = ", transductive" if self.transductive else ""
        return f"Table {self.number}{protocol}{transductive}: {self.title}, UA in %"

    def places(self) -> list[tuple[Row, str, Cell]]:
        """Every cell with its row and its column, row by row."""
        return [
            (row, column, cell)
            for row in self.rows
            for column, cell in zip(self.columns, row.cells, strict=True)
        ]


def corrected(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Apply Holm's correction over all comparisons of the rows."""
    family = [c.comparison for row in rows for c in row.cells if c.comparison]
    of_family = iter(holm([comparison.p for comparison in family]))
    return tuple(
        replace(
            row,
            cells=tuple(
                replace(c, comparison=replace(c.comparison, corrected_p=next(of_family)))
                if c.comparison
                else c
                for c in row.cells
            ),
        )
        for row in rows
    )
