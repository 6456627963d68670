"""Tables as CSV, one line for each cell."""

import csv
import io
from collections.abc import Iterator

from mdat_data.metrics import Interval
from mdat_data.spreadsheet import as_cell
from mdat_train.tables.cells.table import Cell, Table

COLUMNS = (
    *("ua", "deviation", "low", "high", "scores", "speakers", "chance"),
    *("change_to_model_1", "change_low", "change_high"),
    *("published", "uncertain", "preferred", "difference"),
)
"""The values of a cell: UA in percent, differences in points; blank where there is no value."""


def csv_table(table: Table) -> str:
    """A table with one line for each cell; the first columns identify it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    head = map(as_cell, table.head)
    compared = (f"{table.ours.lower()}_minus_this", "p", "corrected_p", "smallest_p")
    writer.writerow(("table", "protocol", "transductive", *head, "column", *COLUMNS, *compared))
    of_all = (table.number, table.protocol or "", "yes" if table.transductive else "no")
    for row, column, cell in table.places():
        words = map(as_cell, (*row.head, column))
        writer.writerow((*of_all, *words, *_values(cell)))
    return text.getvalue()


def _values(cell: Cell) -> Iterator[str]:
    yield from _ours(cell)
    published, comparison = cell.published, cell.comparison
    change = cell.change
    yield _number(100 * change.difference) if change else ""
    yield from _ends(change.interval if change else None)
    yield _number(published.value) if published else ""
    yield (published.uncertain or "") if published else ""
    yield _number(published.preferred) if published else ""
    yield _number(cell.difference)
    yield _number(100 * comparison.difference) if comparison else ""
    for name in ("p", "corrected_p", "smallest_p"):
        yield f"{getattr(comparison, name):.6g}" if comparison else ""


def _ours(cell: Cell) -> Iterator[str]:
    """The seven values of our result."""
    if cell.result is None:
        yield from [""] * 7
        return
    yield from (_number(100 * cell.result.ua.mean), _number(100 * cell.result.ua.std))
    yield from _ends(cell.result.interval)
    yield from (str(len(cell.result.per_run)), str(cell.result.speakers))
    yield _number(100 * cell.result.chance)


def _ends(interval: Interval | None) -> tuple[str, str]:
    if interval is None:
        return "", ""
    return _number(100 * interval.low), _number(100 * interval.high)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
