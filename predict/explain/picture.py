"""The picture of an explanation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from warnings import catch_warnings, filterwarnings

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mdat_data.printable import shortened
from mdat_extract.config import SAMPLING_RATE
from mdat_predict.explain.explanation import Attention, Explanation
from mdat_predict.prediction import Segment

ATTENTION = "attention, not an explanation"
SUPPORTS, OPPOSES, ELSE = "tab:red", "tab:blue", " (blue: it rises)"

LONGEST_NAME, LONGEST_EMOTION, LONGEST_TOKEN = 60, 20, 14
"""Characters of the longest words in a picture."""

COLUMNS = 1500
"""Most points of a waveform: each shows the lowest and the highest of its samples."""

TITLE = 0.1
"""Height of a panel that has a title alone."""

MOST_TOKENS = 60
"""Of more tokens, those with the largest falls have their word below them."""

LEAST_FALL = 0.02
"""Smallest height of an axis of falls: what lies below would look like more than it is."""

HEADROOM = 1.4
"""Height of an axis of attention, over the largest share: the legend hides nothing."""


def picture(of: Explanation, waveform: np.ndarray, segment: Segment, recording: str) -> Figure:
    """Draw a segment: waveform, falls of the probability, tokens with theirs, and attention.

    Args:
        of: The explanation of the segment.
        waveform: (samples,) float32 at 16 kHz of the segment.
        segment: Says where it lies in the recording.
        recording: Name of the recording.

    Returns:
        The figure.
    """
    heights = dict(_heights(of))
    figure = Figure(figsize=(10, 0.6 + 1.7 * sum(heights.values())), layout="constrained")
    rows = figure.subplots(len(heights), 1, squeeze=False, height_ratios=list(heights.values()))
    axes = dict(zip(heights, rows[:, 0], strict=True))
    name = shortened(Path(recording).name, LONGEST_NAME)
    emotion = shortened(of.emotion, LONGEST_EMOTION)
    figure.suptitle(
        f"{name}, {segment.start:.2f} to {segment.end:.2f} s: {emotion} {of.probability:.2f}"
    )
    _waveform(axes["waveform"], waveform, segment)
    if "speech" in axes:
        _speech(axes["speech"], of, segment, emotion)
    if "tokens" in axes:
        _tokens(axes["tokens"], of, emotion)
    if "heard" in axes:
        _heard(axes["heard"], of.attention, segment)
    if "read" in axes:
        _read(axes["read"], of)
    return figure


def _heights(of: Explanation) -> Iterator[tuple[str, float]]:
    """The panels of a picture with their heights. What has nothing to show has its title alone."""
    yield "waveform", 1.0
    if of.speech.size:
        yield "speech", TITLE if np.isnan(of.speech).all() else 1.4
    if of.tokens:
        yield "tokens", TITLE if np.isnan(of.text).all() else 1.4
    if any(each.speech.size for each in of.attention):
        yield "heard", 1.0
    if of.tokens and any(each.text.size for each in of.attention):
        yield "read", 1.2


@contextmanager
def words_as_they_are() -> Iterator[None]:
    """Draw words without markup; letters that the font lacks become boxes, without a warning."""
    with rc_context({"text.parse_math": False, "text.usetex": False}), catch_warnings():
        filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield


def _waveform(axes: Axes, waveform: np.ndarray, segment: Segment) -> None:
    size = max(1, -(-len(waveform) // COLUMNS))
    starts = np.arange(0, len(waveform), size)
    low, high = (f.reduceat(waveform, starts) for f in (np.minimum, np.maximum))
    axes.fill_between(segment.start + starts / SAMPLING_RATE, low, high, color="0.35", lw=0.5)
    reach = float(np.abs(waveform).max())
    _time(axes, segment)
    axes.set(title="waveform", xlabel="", ylim=(-1.05 * reach, 1.05 * reach))


def _speech(axes: Axes, of: Explanation, segment: Segment, emotion: str) -> None:
    _time(axes, segment)
    if np.isnan(of.speech).all():
        axes.set(title="too short: a single step of speech cannot be masked")
        axes.axis("off")
        return
    edges = segment.start + np.arange(len(of.speech) + 1) / of.rate
    values = np.append(of.speech, of.speech[-1])
    for part, colour in ((np.maximum(values, 0), SUPPORTS), (np.minimum(values, 0), OPPOSES)):
        axes.fill_between(edges, part, step="post", color=colour, lw=0)
    axes.set(title=f"fall of the probability of {emotion} when the speech around is masked{ELSE}")
    _falls(axes, of.speech)


def _tokens(axes: Axes, of: Explanation, emotion: str) -> None:
    if np.isnan(of.text).all():
        axes.set(title="a single token cannot be masked")
        axes.axis("off")
        return
    colours = [SUPPORTS if fall > 0 else OPPOSES for fall in of.text]
    axes.bar(np.arange(len(of.text)), of.text, color=colours)
    axes.set(title=f"fall of the probability of {emotion} when a token is masked{ELSE}")
    _falls(axes, of.text)
    _words(axes, of)


def _heard(axes: Axes, attention: Sequence[Attention], segment: Segment) -> None:
    for each in attention:
        if each.speech.size:
            middles = segment.start + (np.arange(len(each.speech)) + 0.5) / each.rate
            axes.plot(middles, each.speech, lw=1, label=shortened(each.name, LONGEST_NAME))
    _time(axes, segment)
    axes.set(title=f"{ATTENTION}: speech", ylabel="share")
    _legend(axes)


def _read(axes: Axes, of: Explanation) -> None:
    for each in of.attention:
        if each.text.size:
            axes.plot(each.text, "o", ms=4, label=shortened(each.name, LONGEST_NAME))
    axes.set(title=f"{ATTENTION}: text", ylabel="share")
    _legend(axes)
    _words(axes, of)


def _time(axes: Axes, segment: Segment) -> None:
    axes.set(xlim=(segment.start, segment.end), xlabel="seconds in the recording")


def _falls(axes: Axes, falls: np.ndarray) -> None:
    axes.axhline(0, color="black", lw=0.5)
    low, high = min(-LEAST_FALL, 1.1 * falls.min()), max(LEAST_FALL, 1.1 * falls.max())
    axes.set(ylabel="fall", ylim=(low, high))
    note = f"largest fall {falls.max():.3f}"
    axes.text(0.005, 0.97, note, transform=axes.transAxes, va="top", fontsize="small")


def _legend(axes: Axes) -> None:
    axes.set_ylim(0, HEADROOM * max(np.max(line.get_ydata()) for line in axes.get_lines()))
    axes.legend(loc="upper right", ncols=2, fontsize="small")


def _words(axes: Axes, of: Explanation) -> None:
    shown = np.sort(np.argsort(-np.abs(of.text), kind="stable")[:MOST_TOKENS])
    words = [shortened(of.tokens[place], LONGEST_TOKEN) for place in shown]
    few = len(shown) <= 8
    how = {"ha": "center"} if few else {"ha": "right", "rotation": 60, "rotation_mode": "anchor"}
    axes.set_xticks(shown, words, **how)
    axes.set_xlim(-0.6, len(of.tokens) - 0.4)
