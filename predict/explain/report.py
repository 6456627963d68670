"""The check of explanations as the command prints it."""

from collections.abc import Iterator

from mdat_data.metrics.table import bounds
from mdat_predict.explain.deletion import DRAWS, LOUDEST, RANDOM, SHARES, Deletion, Removal

NAMES = {RANDOM: f"random, {DRAWS} draws", "": "nothing"}

DIGITS = 3
"""Decimals of a difference of probabilities: a smaller one, which prints as 0.0 %, is none."""


def summary(of: Deletion) -> str:
    """Write the deletion curve for people, with a warning where an explanation is no better.

    Args:
        of: The predictions without some frames.

    Returns:
        Lines of text.
    """
    return "\n".join(_lines(of))


def _lines(of: Deletion) -> Iterator[str]:
    yield (
        f"explanations of {len(of.truth)} utterances: frames are removed by the mask, and the "
        "classes predicted from all frames lose probability"
    )
    if of.too_short:
        yield f"  left out: {of.too_short} of a single frame"
    yield (
        f"{'removed':7}  {'frames':15}  {'probability %':>13}  {'95 % interval':15}  "
        f"{'UA %':>5}  95 % interval"
    )
    yield from map(_line, of.removals())
    if LOUDEST not in of.removed:
        yield (
            "the loudest frames are not compared: these features hold no loudness. --root FOLDER "
            "takes it from the recordings"
        )
    for share, (difference, low) in zip(SHARES, of.margins(), strict=True):
        if round(difference if low is None else low, DIGITS) <= 0:
            lowest = "" if low is None else f", lowest value of the 95 % interval {100 * low:.1f}"
            yield (
                f"warning: without {share:.0%} of the frames, occlusion does no better than random "
                f"(the fall is larger by {100 * difference:.1f} points{lowest}): do not believe "
                "what --explain shows of this model"
            )


def _line(row: Removal) -> str:
    removed, first = f"{row.share:.0%}", NAMES.get(row.first, row.first)
    ua, interval = 100 * row.ua, bounds(row.interval)
    cells = f"{100 * row.probability:13.1f}  {bounds(row.bounds):15}  {ua:5.1f}  {interval}"
    return f"{removed:>7}  {first:15}  {cells}".rstrip()
