"""The last step of every table: Holm's correction and the notes."""

from collections.abc import Sequence
from dataclasses import replace

from mdat_train.tables.cells import published as paper
from mdat_train.tables.cells.notes import table_notes
from mdat_train.tables.cells.table import Row, Table, corrected
from mdat_train.tables.plan.study import Outcomes


def finish_table(
    number: str,
    protocol: str | None,
    head: tuple[str, ...],
    columns: Sequence[str],
    rows: Sequence[Row],
    used: Outcomes,
    missing: Sequence[str],
) -> Table:
    """Make a table, with Holm's correction over all its comparisons, and with its notes.

    Args:
        number: Roman, as in the paper.
        protocol: None for a table without runs of ours.
        head: Headings of the texts left of the cells.
        columns: Headings of the cells.
        rows: In the paper's order.
        used: The outcomes that the rows are made from.
        missing: Names of the features files that were not found.
    """
    table = Table(
        number=number,
        title=paper.title(number),
        protocol=protocol,
        transductive=any(o.run.config.transductive for o in used.values()),
        head=head,
        columns=tuple(columns),
        rows=corrected(rows),
        notes=(),
    )
    return replace(table, notes=table_notes(table, used, missing))
