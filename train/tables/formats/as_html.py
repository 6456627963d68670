"""All tables and figures as one HTML file."""

import html
from base64 import b64encode
from collections.abc import Sequence
from importlib.resources import files
from string import Template

from mdat_data.printable import printable
from mdat_train.tables.cells import published as paper
from mdat_train.tables.cells.notes import not_found
from mdat_train.tables.cells.table import Table
from mdat_train.tables.formats.wording import Grid, grids, of_paper, title_of

PAPER = Template("""\
<p>Below it: the paper's value (ours minus the paper's, in points); ? marks a value of the paper
that is uncertain. Blank: not run.</p>
<p>Paper: $source.</p>""")
"""How the numbers of the paper stand in the tables."""


def html_report(
    tables: Sequence[Table],
    figures: Sequence[tuple[str, str, bytes]],
    missing: Sequence[str],
) -> str:
    """One page that needs no other file.

    Args:
        tables: All tables.
        figures: Title, caption and PNG of each.
        missing: Names of the features files that were not found.
    """
    template = (
        files("mdat_train.tables.formats").joinpath("report.html").read_text(encoding="utf-8")
    )
    return Template(template).substitute(
        title=escape(title_of(tables)),
        paper=PAPER.substitute(source=escape(paper.source())) if of_paper(tables) else "",
        missing=f"<p>{escape(not_found(missing))}</p>" if missing else "",
        contents="\n".join(map(_entry, tables)),
        tables="\n".join(map(_table, tables)),
        figures="\n".join(_figure(*figure) for figure in figures),
    )


def _entry(table: Table) -> str:
    return f'<li><a href="#{table.name}">{escape(table.heading)}</a></li>'


def _table(table: Table) -> str:
    cells, *compared = grids(table)
    parts = [f'<section id="{table.name}">\n<h2>{escape(cells.title)}</h2>', _grid(cells)]
    parts += [f"<h3>{escape(grid.title)}</h3>\n{_grid(grid)}" for grid in compared]
    notes = "\n".join(f"<li>{escape(note)}</li>" for note in table.notes)
    return "\n".join([*parts, f'<ul class="notes">\n{notes}\n</ul>\n</section>'])


def _grid(grid: Grid) -> str:
    rows = "\n".join(_row(row, "td", grid.texts) for row in grid.rows)
    return (
        f'<div class="wide"><table>\n<thead>\n{_row(grid.head, "th", grid.texts)}\n</thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def _row(words: Sequence[str], tag: str, texts: int) -> str:
    kinds = [""] * texts + [' class="number"'] * (len(words) - texts)
    cells = (
        f"<{tag}{kind}>{_lines(text)}</{tag}>" for kind, text in zip(kinds, words, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _lines(text: str) -> str:
    """The lines of a cell; the interval has its own line, and the paper's number is grey."""
    lines = text.replace(" [", "\n[").split("\n")
    return "<br>".join(
        f'<span class="paper">{escape(line)}</span>' if line.startswith("paper ") else escape(line)
        for line in lines
    )


def escape(text: str) -> str:
    """Text for HTML, without markup."""
    return html.escape(printable(text))


def _figure(title: str, caption: str, png: bytes) -> str:
    data = b64encode(png).decode("ascii")
    return (
        f'<figure>\n<img alt="{escape(title)}" src="data:image/png;base64,{data}">\n'
        f"<figcaption><strong>{escape(title)}</strong>. {escape(caption)}</figcaption>\n</figure>"
    )
