"""What tiers of annotation hold: intervals that do not overlap, with texts on one line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mdat_data.printable import one_line
from mdat_predict.prediction import Prediction, Segment

EMOTION, PROBABILITIES, TRANSCRIPT = "emotion", "probabilities", "transcript"


@dataclass(frozen=True)
class Annotation:
    """What tiers say of a segment.

    Attributes:
        start: Its beginning in seconds.
        end: Its end, likewise.
        texts: Tier -> text.
    """

    start: float
    end: float
    texts: Mapping[str, str]


def tracks(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Divide segments among as few tracks as hold them without overlap.

    Args:
        segments: In order of their beginning.

    Returns:
        The segments of each track, in the same order; one empty track where there is no segment.

    Example:
        >>> first, second, third = (Segment(t, t + 2.0, (1.0,)) for t in range(3))
        >>> tracks([first, second, third]) == [[first, third], [second]]
        True
    """
    found: list[list[Segment]] = [[]]
    for segment in segments:
        free = (track for track in found if not track or track[-1].end <= segment.start)
        track = next(free, None)
        if track is None:
            found.append([segment])
        else:
            track.append(segment)
    return found


def tier_name(tier: str, track: int) -> str:
    """The name of a tier; from the second track on with its number.

    Example:
        >>> tier_name("emotion", 0), tier_name("emotion", 1)
        ('emotion', 'emotion 2')
    """
    return tier if track == 0 else f"{tier} {track + 1}"


def annotated(of: Prediction, *, reject: float) -> list[list[Annotation]]:
    """The texts of the segments of a recording, by track.

    Args:
        of: The recording.
        reject: Lowest probability of an answer.

    Returns:
        For each track its annotations. All have an emotion and all probabilities, and a transcript
        if any of the recording has one.
    """
    said = any(segment.transcript for segment in of.segments)
    return [
        [Annotation(each.start, each.end, _texts(of, each, reject, said)) for each in track]
        for track in tracks(of.segments)
    ]


def _texts(of: Prediction, segment: Segment, reject: float, said: bool) -> dict[str, str]:
    found = {
        EMOTION: segment.emotion(of.classes, reject=reject),
        PROBABILITIES: _shares(segment.probabilities, of.classes),
        **({TRANSCRIPT: segment.transcript} if said else {}),
    }
    return {tier: one_line(text) for tier, text in found.items()}


def _shares(probabilities: Sequence[float], classes: Sequence[str]) -> str:
    """The probabilities with their classes, the highest first."""
    order = sorted(zip(probabilities, classes, strict=True), key=lambda share: -share[0])
    return ", ".join(f"{name} {probability:.3f}" for probability, name in order)
