"""Recordings as a visitor sends them back: predicted, and some of their segments labelled."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mdat_data.errors import InputError, listed
from mdat_predict.page.uploads import plain_name
from mdat_predict.prediction import Prediction, Segment


@dataclass(frozen=True)
class Reviewed:
    """A recording.

    Attributes:
        prediction: What was predicted; a label has the probability 1.
        labels: The emotion that the visitor heard in each segment; None where nobody said.
        speaker: Who speaks; empty where nobody said.
    """

    prediction: Prediction
    labels: tuple[str | None, ...]
    speaker: str


def reviewed(text: str | bytes, classes: Sequence[str]) -> list[Reviewed]:
    """Read what a visitor sends back.

    Args:
        text: JSON with a list of `recordings`, each as `POST /api/predict` gives it. It may have a
            `speaker`, and its segments may have a `label`.
        classes: The emotions of the model, in the order of the probabilities.

    Raises:
        InputError: It is something else.
    """
    try:
        found = [_recording(each, tuple(classes)) for each in json.loads(text)["recordings"]]
    except InputError:
        raise
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise InputError(
            'expected JSON such as {"recordings": […]}, with recordings as POST /api/predict gives '
            f"them, but it cannot be read: {error!r}."
        ) from error
    if not found:
        raise InputError("expected recordings, got none. Predict one first.")
    return found


def _recording(sent: Mapping[str, Any], classes: tuple[str, ...]) -> Reviewed:
    labels = tuple(_label(each, classes) for each in sent["segments"])
    segments = (_segment(*each, classes) for each in zip(sent["segments"], labels, strict=True))
    name, duration = plain_name(sent["recording"]), _number(sent["duration"], math.inf)
    whole = Prediction(name, duration, classes, tuple(segments))
    return Reviewed(whole, labels, str(sent.get("speaker") or ""))


def _label(sent: Mapping[str, Any], classes: tuple[str, ...]) -> str | None:
    label: str | None = sent.get("label") or None
    if label is not None and label not in classes:
        raise InputError(
            f"expected a label that the model knows, so one of {listed(classes)}; got {label!r}."
        )
    return label


def _segment(sent: Mapping[str, Any], label: str | None, classes: tuple[str, ...]) -> Segment:
    start, end = (_number(sent[name], math.inf) for name in ("start", "end"))
    if start >= end:
        raise InputError(f"expected segments that end after their start, got {start} to {end} s.")
    shares = (_number(sent["probabilities"][name], 1) for name in classes)
    sure = (float(name == label) for name in classes)
    return Segment(start, end, tuple(sure if label else shares), str(sent.get("transcript") or ""))


def _number(sent: Any, highest: float) -> float:
    number = float(sent)
    if not (math.isfinite(number) and 0 <= number <= highest):
        raise InputError(f"expected numbers from 0 to {highest:g}, got {number}.")
    return number
