"""Tables as CSV, a line for each cell."""

import csv
import io
from collections.abc import Iterator

from mdat_train.tables.cells.table import Cell, Table

COLUMNS = (
    *("ua", "deviation", "low", "high", "scores", "speakers", "chance"),
    *("change_to_model_1", "published", "uncertain", "preferred", "difference"),
    *("mdat_less_this", "p", "corrected_p", "smallest_p"),
)
"""Of a cell; UA in percent and differences in points, blank where there is nothing."""


def csv_table(table: Table) -> str:
    """A table with a line for each cell; the first columns say which it is."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("table", "protocol", "transductive", *table.head, "column", *COLUMNS))
    of_all = (table.number, table.protocol or "", "yes" if table.transductive else "no")
    for row, column, cell in table.places():
        writer.writerow((*of_all, *row.head, column, *_values(cell)))
    return text.getvalue()


def _values(cell: Cell) -> Iterator[str]:
    yield from _ours(cell)
    published, comparison = cell.published, cell.comparison
    yield _number(cell.change)
    yield _number(published.value) if published else ""
    yield (published.uncertain or "") if published else ""
    yield _number(published.preferred) if published else ""
    yield _number(cell.difference)
    yield _number(100 * comparison.difference) if comparison else ""
    for name in ("p", "corrected_p", "smallest_p"):
        yield f"{getattr(comparison, name):.6g}" if comparison else ""


def _ours(cell: Cell) -> Iterator[str]:
    """Seven values of our result."""
    if cell.result is None:
        yield from [""] * 7
        return
    mean, deviation = cell.result.mean_and_deviation("ua")
    interval = cell.result.interval
    yield from (_number(100 * mean), _number(100 * deviation))
    yield from (_number(100 * x) for x in (interval.low, interval.high)) if interval else ("", "")
    yield from (str(len(cell.result.scores)), str(cell.result.speakers))
    yield _number(100 * cell.result.chance)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
