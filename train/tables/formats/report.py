"""The report: every table in every format, the figures, and one page with all of them."""

import io
from collections.abc import Collection, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from mdat_data.process.output import whole_file
from mdat_train.runs.figures import words_as_they_are
from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.formats.as_csv import csv_table
from mdat_train.tables.formats.as_html import html_report
from mdat_train.tables.formats.as_json import json_document
from mdat_train.tables.formats.as_latex import latex_table
from mdat_train.tables.formats.as_markdown import markdown
from mdat_train.tables.formats.paper_figures import paper_figures
from mdat_train.tables.plan.study import Outcomes


def write_report(
    outcomes: Outcomes, missing: Sequence[str], folder: Path, *, only: Collection[str] | None = None
) -> tuple[Path, ...]:
    """Write the tables in every format, the figures, and `report.html` with all of them.

    The same outcomes give the same bytes. Every file appears complete or not at all.

    Args:
        outcomes: What was run.
        missing: Names of the features files that were not found, such as `emodb.h5`.
        folder: It is made if it does not exist; files of the same names are replaced.
        only: Numbers of the tables to write, such as `II`; None writes all. Table III is always
            included: it needs no runs.

    Returns:
        The files: `tables.md`, `tables.json`, a `.csv` and a `.tex` for each table, a `.png` for
        each figure, and `report.html`, which is last.
    """
    tables = build_tables(outcomes, missing)
    if only is not None:
        tables = tuple(table for table in tables if table.number in {*only, "III"})
    with words_as_they_are():
        drawn = [(figure, _png(figure.figure)) for figure in paper_figures(tables)]
    page = html_report(tables, [(f.title, f.caption, png) for f, png in drawn], missing)
    files = {"tables.md": markdown(tables), "tables.json": json_document(tables, missing)}
    files |= {f"{table.name}.csv": csv_table(table) for table in tables}
    files |= {f"{table.name}.tex": latex_table(table) for table in tables}
    written = {name: text.encode() for name, text in files.items()}
    written |= {f"{figure.name}.png": png for figure, png in drawn}
    written["report.html"] = page.encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in written.items():
        with whole_file(folder / name) as file:
            file.write(content)
    return tuple(folder / name for name in written)


def _png(figure: Figure) -> bytes:
    """The figure as PNG, without the version of matplotlib, which would change its bytes."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=150, metadata={"Software": None})
    return file.getvalue()
