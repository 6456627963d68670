"""What the HTTP interface says, as objects of JSON."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from mdat_data.errors import InputError, listed
from mdat_predict.config import PredictConfig
from mdat_predict.explain.explanation import explain
from mdat_predict.formats import FORMATS
from mdat_predict.inputs.sources import Source
from mdat_predict.model import Model
from mdat_predict.page.limits import Limits
from mdat_predict.page.sound import cuts, heard, outline
from mdat_predict.page.uploads import Upload
from mdat_predict.prediction import Prediction, Segment
from mdat_predict.saved.description import read_description
from mdat_predict.stages import Failure

RUN = ("model", "speech", "text", "learned_from", "calibration", "temperature", "metrics")
"""Fields of `model.json` that describe a run to a visitor."""

DECIMALS = 5
"""Of seconds: enough to find the samples again."""

ENCODED = ("encoder", "revision", "layer")


def prediction(
    model: Model, upload: Upload, config: PredictConfig, limits: Limits, *, reject: float
) -> dict[str, Any]:
    """Predict an upload.

    Args:
        model: The model, which nobody else uses meanwhile.
        upload: The recording.
        config: How it is divided, and who recognises its words.
        limits: Of its duration.
        reject: Lowest probability of an answer.

    Returns:
        Its segments, its summary, and the outline of its waveform.

    Raises:
        InputError: It cannot be used.
        HTTPException: It is too long.
    """
    try:
        waveform = outline(heard(upload.path, max_seconds=limits.max_seconds))
        *_, last = model.outcomes([Source(upload.name, upload.path)], config)
        if isinstance(last, Failure):
            raise InputError(last.reason)
    except InputError as error:
        raise InputError(
            f"expected a recording, but {upload.name} cannot be used: {error}".rstrip(".") + "."
        ) from error
    if not isinstance(last, Prediction):
        raise TypeError(last)
    return recording(last, reject=reject) | {"waveform": waveform}


def explanation(
    model: Model, upload: Upload, fields: Mapping[str, Any], limits: Limits
) -> dict[str, Any]:
    """Explain what is predicted for a segment of an upload.

    Args:
        model: As for `prediction`.
        upload: The recording.
        fields: `start` and `end` of the segment in seconds, and its `transcript`, if it has one.
        limits: Of the duration of the recording.

    Returns:
        How far the probability of the emotion falls when speech, or a token, is masked.

    Raises:
        InputError: The recording cannot be used, or does not have such a segment.
        HTTPException: It is too long.
    """
    try:
        start, end = float(fields["start"]), float(fields["end"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "expected a segment as numbers in the fields start and end, got "
            f"{listed(f'{name}={fields[name]!s:.20}' for name in fields) or 'none'}."
        ) from error
    [waveform] = cuts(upload.path, [(start, end)], max_seconds=limits.max_seconds)
    found = explain(model, waveform, str(fields.get("transcript", "")))
    return {
        "emotion": found.emotion,
        "probability": round(found.probability, 6),
        "steps_per_second": found.rate,
        "speech": _numbers(found.speech),
        "tokens": found.tokens,
        "text": _numbers(found.text),
    }


def _numbers(falls: np.ndarray) -> list[float | None]:
    """Numbers for JSON, which has no NaN."""
    return [None if np.isnan(fall) else round(fall, 5) for fall in falls.tolist()]


def recording(of: Prediction, *, reject: float) -> dict[str, Any]:
    """A recording with its segments; its summary is null where no speech was found."""
    summary = of.summary()
    return {
        "recording": of.recording,
        "duration": round(of.duration, DECIMALS),
        "classes": of.classes,
        "segments": [_segment(each, of, reject) for each in of.segments],
        "summary": _answer(summary, of, reject) if summary else None,
    }


def _segment(of: Segment, whole: Prediction, reject: float) -> dict[str, Any]:
    times = {"start": round(of.start, DECIMALS), "end": round(of.end, DECIMALS)}
    return times | _answer(of, whole, reject) | {"transcript": of.transcript}


def _answer(of: Segment, whole: Prediction, reject: float) -> dict[str, Any]:
    shares = (round(probability, 6) for probability in of.probabilities)
    return {
        "emotion": of.emotion(whole.classes, reject=reject),
        "probabilities": dict(zip(whole.classes, shares, strict=True)),
    }


def description(model: Model, config: PredictConfig, limits: Limits) -> dict[str, Any]:
    """What a visitor should know of the model, and what the page takes and gives."""
    return {
        "classes": model.classes,
        "runs": [_run(member.description.folder) for member in model.members],
        "reads_text": model.reads_text,
        "asr": config.asr,
        "formats": list(FORMATS),
        "max_seconds": limits.max_seconds,
        "max_megabytes": limits.max_megabytes,
    }


def _run(folder: Any) -> dict[str, Any]:
    _, content = read_description(folder)
    found = {name: content.get(name) for name in RUN}
    encoders = {name: _encoder(found.pop(name)) for name in ("speech", "text")}
    return {"name": folder.name, "encoders": encoders} | found


def _encoder(made: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: made[name] for name in ENCODED} if made else None
