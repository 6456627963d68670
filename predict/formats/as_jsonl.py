"""JSON Lines: an object for each segment, and behind those of a recording one for all of it."""

import json
from collections.abc import Sequence
from typing import Any

from mdat_predict.prediction import Prediction, Segment


def text(predictions: Sequence[Prediction], *, reject: float) -> str:
    """Write predictions as JSON Lines.

    Args:
        predictions: The predictions.
        reject: Lowest probability of an answer.
    """
    lines = []
    for of in predictions:
        lines += [
            segment_line(of.recording, segment, of.classes, reject=reject)
            for segment in of.segments
        ]
        lines.append(recording_line(of, reject=reject))
    return "".join(lines)


def segment_line(recording: str, segment: Segment, classes: Sequence[str], *, reject: float) -> str:
    """The line of a segment.

    Args:
        recording: Name of its recording.
        segment: The segment.
        classes: In the order of its probabilities.
        reject: Lowest probability of an answer.

    Example:
        >>> print(segment_line("a", Segment(0.0, 1.0, (0.75, 0.25)), ("sad", "calm"), reject=0))
        {"kind": "segment", "recording": "a", "start": 0.0, "end": 1.0, "emotion": "sad", \
"probabilities": {"sad": 0.75, "calm": 0.25}, "transcript": ""}
        <BLANKLINE>
    """
    times = {"start": round(segment.start, 3), "end": round(segment.end, 3)}
    answer = _answer(segment, classes, reject)
    said = {"transcript": segment.transcript}
    return _line({"kind": "segment", "recording": recording} | times | answer | said)


def recording_line(of: Prediction, *, reject: float) -> str:
    """The line of a recording; without emotion and probabilities where it has no segment."""
    summary = of.summary()
    facts = {"duration": round(of.duration, 3), "segments": len(of.segments)}
    answer = _answer(summary, of.classes, reject) if summary else {}
    return _line({"kind": "recording", "recording": of.recording} | facts | answer)


def _answer(segment: Segment, classes: Sequence[str], reject: float) -> dict[str, Any]:
    shares = (round(probability, 6) for probability in segment.probabilities)
    return {
        "emotion": segment.emotion(classes, reject=reject),
        "probabilities": dict(zip(classes, shares, strict=True)),
    }


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False) + "\n"
