"""The report: every table in every format, the figures, and one page with all of them."""

import io
from collections.abc import Collection, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from mdat_data.process.output import whole_file
from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.formats.as_csv import csv_table
from mdat_train.tables.formats.as_html import html_report
from mdat_train.tables.formats.as_json import json_document
from mdat_train.tables.formats.as_latex import latex_table
from mdat_train.tables.formats.as_markdown import markdown
from mdat_train.tables.formats.paper_figures import pictures
from mdat_train.tables.plan.study import Outcomes


def write_report(
    outcomes: Outcomes, missing: Sequence[str], folder: Path, *, only: Collection[str] | None = None
) -> tuple[Path, ...]:
    """Write `tables.md`, `tables.json`, a CSV and a LaTeX file a table, figures and `report.html`.

    The same outcomes give the same bytes. Every file appears whole or not at all.

    Args:
        outcomes: What was run.
        missing: Names of the features files that were not found, such as `emodb.h5`.
        folder: Made where it is not there; files of the same names are replaced.
        only: Numbers of the tables that are wanted, such as `II`; None wants all. Table III, which
            is quoted, stands beside any.

    Returns:
        The files, `report.html` last.
    """
    tables = build_tables(outcomes, missing)
    if only is not None:
        tables = tuple(table for table in tables if table.number in {*only, "III"})
    drawn = [(picture, _png(picture.figure)) for picture in pictures(tables)]
    page = html_report(tables, [(p.title, p.caption, png) for p, png in drawn], missing)
    files = {"tables.md": markdown(tables), "tables.json": json_document(tables, missing)}
    files |= {f"{table.name}.csv": csv_table(table) for table in tables}
    files |= {f"{table.name}.tex": latex_table(table) for table in tables}
    written = {name: text.encode() for name, text in files.items()}
    written |= {f"{picture.name}.png": png for picture, png in drawn}
    written["report.html"] = page.encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in written.items():
        with whole_file(folder / name) as file:
            file.write(content)
    return tuple(folder / name for name in written)


def _png(figure: Figure) -> bytes:
    """The picture without the version of its maker, which would change its bytes."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=150, metadata={"Software": None})
    return file.getvalue()
