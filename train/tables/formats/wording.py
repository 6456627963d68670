"""The texts of numbers and cells, which every format escapes in its own way."""

from collections.abc import Sequence
from dataclasses import dataclass

from mdat_train.config import TRANSFER
from mdat_train.evaluation.change import Change
from mdat_train.evaluation.comparison import Comparison
from mdat_train.runs.run import ConditionMetrics
from mdat_train.tables.cells.table import Cell, Table
from mdat_train.tables.cells.transfer import SOURCES

COMPARED = ("difference", "p", "p after Holm", "speakers", "smallest p")


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Texts in rows and columns; a text may have several lines.

    Attributes:
        title: What it shows.
        texts: Number of columns on the left that hold words, not numbers.
        head: Headings of the columns.
        rows: A text for each column.
    """

    title: str
    texts: int
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def of_paper(tables: Sequence[Table]) -> bool:
    """Whether one of the tables is of the paper."""
    return any(table.number not in (TRANSFER, SOURCES) for table in tables)


def title_of(tables: Sequence[Table]) -> str:
    """The title of a report."""
    return "The paper's tables, with ours" if of_paper(tables) else "What other languages are worth"


def grids(table: Table) -> tuple[Grid, ...]:
    """The cells of a table, and its comparisons where it has any."""
    cells = Grid(
        title=table.heading,
        texts=len(table.head),
        head=(*table.head, *table.columns),
        rows=tuple((*row.head, *map(cell_text, row.cells)) for row in table.rows),
    )
    compared = Grid(
        title=f"Table {table.number}: {table.ours} against others, difference of UA in points",
        texts=2,
        head=("task", f"{table.ours} against", *COMPARED),
        rows=tuple(_comparisons(table)),
    )
    return (cells, compared) if compared.rows else (cells,)


def cell_text(cell: Cell) -> str:
    """Our result, its change in ablations, and the paper's result, each on its own line.

    Returns:
        Such as `77.6 ± 1.6 [72, 82]` and `paper 75.58 (+2.0)` on two lines.
    """
    lines = [result_text(cell.result)] if cell.result else []
    if cell.change is not None:
        lines.append(change_text(cell.change, to="model 1"))
    if cell.published:
        difference = "" if cell.difference is None else f" ({signed(cell.difference)})"
        lines.append(f"paper {printed(cell)}{difference}")
    return "\n".join(lines)


def printed(cell: Cell) -> str:
    """The paper's number as printed, with a mark where it is uncertain."""
    if cell.published is None:
        return ""
    return f"{cell.published.value:.2f}{'?' if cell.published.uncertain else ''}"


def signed(points: float) -> str:
    """A difference of UA in points.

    Example:
        >>> signed(-1.23), signed(0.04)
        ('−1.2', '+0.0')
    """
    return f"{points:+.1f}".replace("-", "−")


def p_value(p: float) -> str:
    """A p value with two digits.

    Example:
        >>> p_value(2 / 64), p_value(1.0), p_value(2 / 10_000)
        ('0.031', '1', '0.0002')
    """
    return f"{p:.2g}"


def change_text(change: Change, *, to: str = "") -> str:
    """A change in points, with its interval.

    Args:
        change: The change.
        to: Name of the model that it refers to, where no heading names it.

    Example:
        >>> from mdat_data.metrics import Interval
        >>> interval = Interval(low=-0.03, high=0.01, redrawn=0)
        >>> change_text(Change(difference=-0.012, interval=interval))
        '−1.2 [−3.0, +1.0]'
    """
    interval = ""
    if change.interval:
        interval = f" [{signed(100 * change.interval.low)}, {signed(100 * change.interval.high)}]"
    reference = f" to {to}" if to else ""
    return f"{signed(100 * change.difference)}{reference}{interval}"


def result_text(result: ConditionMetrics, *, digits: int = 0) -> str:
    """UA with standard deviation and interval, in percent.

    Args:
        result: The metrics of a condition.
        digits: Decimal places of the interval.
    """
    interval = "one speaker"
    if result.interval:
        ends = (100 * result.interval.low, 100 * result.interval.high)
        interval = ", ".join(f"{end:.{digits}f}" for end in ends)
    return f"{100 * result.ua.mean:.1f} ± {100 * result.ua.std:.1f} [{interval}]"


def _comparisons(table: Table) -> list[tuple[str, ...]]:
    return [
        (row.name, column, *_compared(cell.comparison))
        for row, column, cell in table.places()
        if cell.comparison
    ]


def _compared(comparison: Comparison) -> tuple[str, ...]:
    return (
        signed(100 * comparison.difference),
        p_value(comparison.p),
        "" if comparison.corrected_p is None else p_value(comparison.corrected_p),
        str(comparison.speakers),
        p_value(comparison.smallest_p),
    )
