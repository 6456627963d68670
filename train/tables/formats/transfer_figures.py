"""Curves over the number of shots for each target, and the map of sources and targets."""

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mdat_train.config import TRANSFER
from mdat_train.tables.cells.table import Row, Table
from mdat_train.tables.cells.transfer import SOURCES, ZERO_SHOT
from mdat_train.tables.formats.paper_figures import PaperFigure

CURVES = (
    "UA over the number of labelled utterances per class of {target}, with the 95 % interval by "
    "bootstrap over speakers; dashed: zero-shot."
)
MAP = (
    "UA in % of every source, and of all together, on every target, without and with labelled "
    "utterances of the target. Blank: the corpus itself, or a source that lacks a class."
)


def transfer_figures(tables: Sequence[Table]) -> Iterator[PaperFigure]:
    """Draw the figures of the tables of transfer.

    Args:
        tables: Any tables; those of other kinds have no figure here.
    """
    for table in tables:
        if table.number == TRANSFER:
            yield from (_curves(table, target) for target in dict.fromkeys(map(_first, table.rows)))
        if table.number == SOURCES and table.rows:
            yield _map(table)


def _curves(table: Table, target: str) -> PaperFigure:
    """One panel for each model."""
    rows = [row for row in table.rows if row.head[0] == target]
    models = list(dict.fromkeys(row.head[1] for row in rows))
    figure = Figure(figsize=(1.5 + 4.5 * len(models), 4.8), layout="constrained")
    all_axes = figure.subplots(1, len(models), sharey=True, squeeze=False)[0]
    for axes, model in zip(all_axes, models, strict=True):
        _draw(axes, [row for row in rows if row.head[1] == model], table.columns)
        axes.set(title=model, xlabel=f"labelled utterances per class of {target}")
    all_axes[0].set(ylabel="UA in %")
    handles, labels = all_axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return PaperFigure(
        name=f"transfer_{target}".lower(),
        title=f"All others to {target}",
        caption=CURVES.format(target=target),
        figure=figure,
    )


def _draw(axes: Axes, rows: Sequence[Row], columns: Sequence[str]) -> None:
    for place, column in enumerate(columns):
        cells = [(int(row.head[2]), row.cells[place]) for row in rows]
        shown = [(shots, cell) for shots, cell in cells if cell.result]
        shots = [number + 0.12 * (place - len(columns) / 2) for number, _ in shown]
        uas = [cell.ua or 0.0 for _, cell in shown]
        reach = np.array([cell.reach for _, cell in shown]).T if shown else None
        style = "--" if column == ZERO_SHOT else "-"
        axes.errorbar(shots, uas, yerr=reach, marker="o", capsize=2, linestyle=style, label=column)
    axes.set_xticks(sorted({int(row.head[2]) for row in rows}))
    axes.grid(axis="y", alpha=0.3)


def _map(table: Table) -> PaperFigure:
    """One panel for each number of shots."""
    numbers = list(dict.fromkeys(row.head[1] for row in table.rows))
    size = 1.2 * len(table.columns) + 2
    figure = Figure(figsize=(size * len(numbers), 0.7 * len(table.rows) + 2), layout="constrained")
    all_axes = figure.subplots(1, len(numbers), sharey=True, squeeze=False)[0]
    for axes, number in zip(all_axes, numbers, strict=True):
        rows = [row for row in table.rows if row.head[1] == number]
        values = np.array([[_ua(cell.ua) for cell in row.cells] for row in rows])
        axes.imshow(values, vmin=0, vmax=100, aspect="auto")
        for (row, column), value in np.ndenumerate(values):
            if np.isfinite(value):
                axes.text(column, row, f"{value:.1f}", ha="center", va="center", color="white")
        axes.set_xticks(range(len(table.columns)), table.columns, rotation=30)
        axes.set_yticks(range(len(rows)), [row.head[0] for row in rows])
        axes.set(title=f"{number} shots", xlabel="target")
    all_axes[0].set(ylabel="source")
    return PaperFigure(name="sources", title=table.title, caption=MAP, figure=figure)


def _ua(value: float | None) -> float:
    return np.nan if value is None else value


def _first(row: Row) -> str:
    return row.head[0]
