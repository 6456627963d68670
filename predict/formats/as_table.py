"""A table for people, with bars."""

from collections.abc import Iterator, Sequence

from mdat_data.printable import one_line
from mdat_predict.prediction import Prediction, Segment

BAR = 20
"""Characters of the bar of a probability of 1."""

LONGEST = 60
"""Characters of the longest transcript that is shown whole."""


def text(predictions: Sequence[Prediction], *, reject: float) -> str:
    """Write predictions as a table: a line for each segment and, of several, one for their mean.

    Args:
        predictions: The predictions.
        reject: Lowest probability of an answer.
    """
    return "".join(f"{line}\n" for of in predictions for line in _lines(of, reject))


def _lines(of: Prediction, reject: float) -> Iterator[str]:
    found = "" if of.segments else ": no speech"
    yield f"{one_line(of.recording)} ({of.duration:.1f} s){found}"
    width = max(map(len, (*of.classes, "uncertain")))
    for segment in of.segments:
        yield _line(f"{segment.start:8.1f} – {segment.end:6.1f} s", segment, of, width, reject)
    summary = of.summary()
    if summary and len(of.segments) > 1:
        yield _line(f"{'mean':>19}", summary, of, width, reject, said=False)


def _line(
    when: str, segment: Segment, of: Prediction, width: int, reject: float, *, said: bool = True
) -> str:
    highest = max(segment.probabilities)
    bar = ("█" * round(BAR * highest)).ljust(BAR)
    order = sorted(zip(segment.probabilities, of.classes, strict=True), reverse=True)
    others = ", ".join(f"{name} {probability:.2f}" for probability, name in order[1:3])
    words = one_line(segment.transcript) if said else ""
    shown = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
    answer = segment.emotion(of.classes, reject=reject)
    return f"{when}  {answer:{width}} {highest:.2f} {bar} {others}  {shown}".rstrip()
