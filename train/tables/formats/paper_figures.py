"""Figures 2 and 3 as in the paper, and the same figure for other pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mdat_train.tables.cells.published import Published
from mdat_train.tables.cells.table import Cell, Table
from mdat_train.tables.formats.panel import Panel, panels_of_pairs

NUMBERS = {("IEMOCAP", "EMODB"): "2", ("IEMOCAP", "EMOVO"): "3"}
"""Pair of corpora -> the number of its figure in the paper."""

COLORS = {"MDAT": "tab:blue", "BiLSTM": "tab:orange", "level": "tab:green"}
STYLES = {"MDAT": "-", "BiLSTM": ":"}
WHOSE = ("ours", "paper")
PALE = 0.6
"""Opacity of the paper's points and lines."""

SHIFTS = {
    ("MDAT", "ours"): -0.45,
    ("BiLSTM", "ours"): -0.15,
    ("MDAT", "paper"): 0.15,
    ("BiLSTM", "paper"): 0.45,
    ("level", "ours"): -0.3,
    ("level", "paper"): 0.3,
}
"""Horizontal shift of the points, in shots, so that none hides another."""


@dataclass(frozen=True, kw_only=True)
class PaperFigure:
    """A figure with its caption.

    Attributes:
        name: Name of its file, without the ending.
        title: What it shows.
        caption: How to read it.
        figure: The figure itself.
    """

    name: str
    title: str
    caption: str
    figure: Figure


def paper_figures(tables: Sequence[Table]) -> tuple[PaperFigure, ...]:
    """Draw Figures 2 and 3, and every other pair for which there is a curve of ours.

    Args:
        tables: As `build_tables` makes them.
    """
    drawn = []
    of_pairs = panels_of_pairs(tables)
    for pair in sorted(of_pairs, key=lambda pair: NUMBERS.get(pair, "other")):
        panels = of_pairs[pair]
        ours = [panel for panel in panels if panel.has_ours()]
        if ours or pair in NUMBERS:
            drawn.append(_paper_figure(pair, ours or [panels[0].without_ours()]))
    return tuple(drawn)


def _paper_figure(pair: tuple[str, str], panels: Sequence[Panel]) -> PaperFigure:
    source, target = pair
    number = NUMBERS.get(pair)
    title = f"{f'Figure {number}: ' if number else ''}{source} to {target}"
    if not any(panel.has_ours() for panel in panels):
        title += " (no curve of ours, only the paper's points)"
    return PaperFigure(
        name=f"figure_{number}" if number else f"shots_{source}_{target}".lower(),
        title=title,
        caption=f"UA over the number of labelled utterances per class of {target}. Solid line: "
        f"MDAT; dotted line: BiLSTM; dotted horizontal line: MDAT within {target} (Table II, which "
        "may have other classes). Filled points: ours, with the 95 % interval by bootstrap over "
        "speakers. Hollow points: the paper's; ? marks a value that is uncertain.",
        figure=_drawn(title, target, panels),
    )


def _drawn(title: str, target: str, panels: Sequence[Panel]) -> Figure:
    figure = Figure(figsize=(1.5 + 4.5 * len(panels), 5.2), layout="constrained")
    figure.suptitle(title.replace(" (", "\n("))
    all_axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, panel in zip(all_axes, panels, strict=True):
        _draw(axes, panel, target)
    lowest = min(axes.dataLim.y0 for axes in all_axes)
    all_axes[0].set(ylabel="UA in %", ylim=(max(0, 10 * (lowest // 10) - 10), 100))
    named = {
        label: handle
        for axes in all_axes
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    # A column for each model, ours above the paper's.
    order = [f"{name}, {whose}" for name in (*STYLES, f"within {target}") for whose in WHOSE]
    labels = [label for label in order if label in named]
    handles = [named[label] for label in labels]
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure


def _draw(axes: Axes, panel: Panel, target: str) -> None:
    for model, style in STYLES.items():
        points = list(zip(panel.shots, panel.cells(model), strict=True))
        _points(axes, points, model, model, style)
    end = max(panel.shots) + 3
    _points(axes, [(end, panel.level)], "level", f"within {target}", ":")
    _level_lines(axes, panel.level)
    axes.set(title=panel.title, xlabel=f"labelled utterances per class of {target}")
    axes.set_xticks([*panel.shots, end], [*map(str, panel.shots), "within"])
    axes.grid(axis="y", alpha=0.3)


def _points(
    axes: Axes, points: Sequence[tuple[int, Cell]], kind: str, label: str, linestyle: str
) -> None:
    """Draw our points, filled and with intervals, and the paper's points, hollow."""
    color = COLORS[kind]
    shift = SHIFTS[kind, "ours"]
    ours = [(shots + shift, cell) for shots, cell in points if cell.result]
    if ours:
        _ours(axes, ours, color=color, linestyle=linestyle, label=f"{label}, ours")
    shift = SHIFTS[kind, "paper"]
    theirs = [(shots + shift, cell.published) for shots, cell in points if cell.published]
    if theirs:
        _theirs(axes, theirs, color=color, linestyle=linestyle, label=f"{label}, paper")


def _level_lines(axes: Axes, level: Cell) -> None:
    """Draw the UA of MDAT within the target as horizontal lines, ours and the paper's."""
    if level.ua is not None:
        axes.axhline(level.ua, color=COLORS["level"], linestyle=":")
    if level.published:
        axes.axhline(level.published.reference, color=COLORS["level"], linestyle=":", alpha=PALE)


def _ours(axes: Axes, points: Sequence[tuple[float, Cell]], **style: Any) -> None:
    uas = [cell.ua or 0.0 for _, cell in points]
    reach = [cell.reach for _, cell in points]
    places = [place for place, _ in points]
    axes.errorbar(places, uas, yerr=list(zip(*reach, strict=True)), marker="o", capsize=3, **style)


def _theirs(axes: Axes, points: Sequence[tuple[float, Published]], **style: Any) -> None:
    axes.plot(
        [place for place, _ in points],
        [published.reference for _, published in points],
        marker="o",
        markerfacecolor="white",
        alpha=PALE,
        **style,
    )
    for place, published in points:
        if published.uncertain:
            above = (place, published.reference)
            axes.annotate("?", above, (-9, 5), textcoords="offset points")
