"""The report: every table in every format, the figures, and one page with all of them."""

import io
import warnings
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from mdat_data.process.output import whole_file
from mdat_train.config import TRANSFER
from mdat_train.runs.figures import words_as_they_are
from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.cells.table import Table
from mdat_train.tables.cells.transfer import transfer_tables
from mdat_train.tables.formats.as_csv import csv_table
from mdat_train.tables.formats.as_html import html_report
from mdat_train.tables.formats.as_json import json_document
from mdat_train.tables.formats.as_latex import latex_table
from mdat_train.tables.formats.as_markdown import markdown
from mdat_train.tables.formats.paper_figures import paper_figures
from mdat_train.tables.formats.transfer_figures import transfer_figures
from mdat_train.tables.plan.study import Outcomes


def write_report(
    outcomes: Outcomes,
    missing: Sequence[str],
    folder: Path,
    *,
    only: Collection[str] | None = None,
    warn: Callable[[str], object] = warnings.warn,
) -> tuple[Path, ...]:
    """Write the tables in every format, the figures, and `report.html` with all of them.

    The same outcomes give the same bytes. Every file appears complete or not at all. The tables are
    written first, and a figure that cannot be drawn is left out.

    Args:
        outcomes: What was run.
        missing: Names of the features files that were not found, such as `emodb.h5`.
        folder: It is made if it does not exist; files of the same names are replaced.
        only: Numbers of the tables to write, such as `II`, and `transfer`; None writes those of
            the paper. Table III comes with any of them: it needs no runs.
        warn: Called with a sentence about figures that could not be drawn.

    Returns:
        The files: `tables.md`, `tables.json`, a `.csv` and a `.tex` for each table, a `.png` for
        each figure, and `report.html`, which is last.
    """
    tables = _wanted(outcomes, missing, only)
    texts = {"tables.md": markdown(tables), "tables.json": json_document(tables, missing)}
    texts |= {f"{table.name}.csv": csv_table(table) for table in tables}
    texts |= {f"{table.name}.tex": latex_table(table) for table in tables}
    folder.mkdir(parents=True, exist_ok=True)
    written = [_written(folder / name, text.encode()) for name, text in texts.items()]
    drawn = []
    try:
        with words_as_they_are():
            for figure in (*paper_figures(tables), *transfer_figures(tables)):
                drawn.append((figure, _png(figure.figure)))
    except Exception as error:  # of any kind: what is drawn has words of others
        warn(f"not all figures could be drawn: {error!r}")
    written += [_written(folder / f"{figure.name}.png", png) for figure, png in drawn]
    page = html_report(tables, [(f.title, f.caption, png) for f, png in drawn], missing)
    return (*written, _written(folder / "report.html", page.encode()))


def _wanted(
    outcomes: Outcomes, missing: Sequence[str], only: Collection[str] | None
) -> tuple[Table, ...]:
    """The tables of the paper, and those of transfer where they are asked for."""
    of_paper: tuple[Table, ...] = ()
    if only is None or {*only} - {TRANSFER}:
        of_paper = build_tables(outcomes, missing)
    if only is None:
        return of_paper
    of_paper = tuple(table for table in of_paper if table.number in {*only, "III"})
    return (*of_paper, *(transfer_tables(outcomes) if TRANSFER in only else ()))


def _written(path: Path, content: bytes) -> Path:
    """Write a file and return its path."""
    with whole_file(path) as file:
        file.write(content)
    return path


def _png(figure: Figure) -> bytes:
    """The figure as PNG, without the version of matplotlib, which would change its bytes."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=150, metadata={"Software": None})
    return file.getvalue()
