"""The figures of an audit."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from warnings import catch_warnings, filterwarnings

import numpy as np
from matplotlib import colormaps, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mdat_audit.inputs.item import Item
from mdat_audit.overview.map import Map
from mdat_audit.overview.spread import emotion_of
from mdat_audit.result import Audit
from mdat_data.printable import shortened

Colour = tuple[float, float, float, float]

OTHERS = (0.0, 0.0, 0.0, 1.0)
"""The colour of all words that have none of their own: black, which no palette has."""

LONGEST_WORD = 20
"""Characters of the longest word in a figure."""

NAMED = 20
"""Number of words that have a colour of their own; of more, those with the most recordings."""


def draw_figures(audit: Audit, folder: Path) -> tuple[str, ...]:
    """Draw the figures of an audit, as PNG.

    Args:
        audit: The audit.
        folder: An existing folder.

    Returns:
        Their names: `durations.png` and, where there is a map, `map.png`.
    """
    items = audit.material.items
    with _words_as_they_are():
        figures = {"durations.png": durations_figure(items)}
        if audit.map:
            figures["map.png"] = map_figure(items, audit.map)
        for name, figure in figures.items():
            figure.savefig(folder / name, dpi=120)
    return tuple(figures)


def durations_figure(items: Sequence[Item]) -> Figure:
    """Durations of the recordings of every emotion, as boxes."""
    emotions = sorted({emotion_of(item.utterance) for item in items})
    of = [[i.duration for i in items if emotion_of(i.utterance) == emotion] for emotion in emotions]
    words = [shortened(emotion, LONGEST_WORD) for emotion in emotions]
    figure = Figure(figsize=(min(2 + len(emotions), 20), 3.5), layout="tight")
    axes = figure.subplots()
    axes.boxplot(of, flierprops={"markersize": 3})
    axes.set_xticks(range(1, len(emotions) + 1), words, rotation=30, ha="right")
    axes.set(ylabel="duration in s", ylim=(0, None))
    return figure


def map_figure(items: Sequence[Item], of: Map) -> Figure:
    """The map, coloured by emotion, by speaker and, where there are several, by corpus."""
    words = {
        "emotion": [emotion_of(item.utterance) for item in items],
        "speaker": [item.utterance.speaker for item in items],
        "corpus": [item.corpus for item in items],
    }
    if len(set(words["corpus"])) == 1:
        del words["corpus"]
    figure = Figure(figsize=(6.5 * len(words), 5), layout="tight")
    panels = figure.subplots(1, len(words), squeeze=False)[0]
    for axes, (kind, of_kind) in zip(panels, words.items(), strict=True):
        _panel(axes, of, kind, of_kind)
    return figure


def _panel(axes: Axes, of: Map, kind: str, words: Sequence[str]) -> None:
    counts = Counter(words)
    colour_of = _colours(counts)
    # In a random order, for whoever is drawn last would hide the others.
    order = np.random.default_rng(0).permutation(len(words))
    colours = [colour_of.get(words[row], OTHERS) for row in order]
    x, y = of.points[order].T
    axes.scatter(x, y, s=9, c=colours, alpha=0.7, linewidths=0)
    axes.set(title=f"{kind} ({len(counts)})", **_labels(of))
    legend = [(shortened(word, LONGEST_WORD), colour) for word, colour in colour_of.items()]
    if others := len(counts) - len(colour_of):
        legend.append((f"{others} others", OTHERS))
    for label, colour in legend:
        axes.scatter([], [], s=20, color=colour, label=label)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize="small")


def _colours(counts: Counter[str]) -> dict[str, Colour]:
    """The colours of the most frequent words, in alphabetical order."""
    named = sorted(word for word, _ in counts.most_common(NAMED))
    colours = colormaps["tab10" if len(named) <= 10 else "tab20"]
    return {word: colours(number) for number, word in enumerate(named)}


def _labels(of: Map) -> dict[str, str]:
    names = [f"component {n} ({100 * share:.0f} %)" for n, share in enumerate(of.shares, start=1)]
    one, two = names or ("UMAP 1", "UMAP 2")
    return {"xlabel": one, "ylabel": two}


@contextmanager
def _words_as_they_are() -> Iterator[None]:
    """Draw words without markup; letters that the font lacks become boxes, without a warning."""
    with rc_context({"text.parse_math": False, "text.usetex": False}), catch_warnings():
        filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield
