"""What `model.json` says, as far as prediction needs it; docs/run_folder.md has every field."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mdat_data import InputError

FILES = ("model.json", "model.onnx")
"""What prediction reads of a run."""

FORMAT, VERSION = "mdat-model", 1
MODALITIES = ("speech", "text")
MIX = "mix"
"""The layer that is all stored layers side by side."""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """How the features of a stream are made.

    Attributes:
        encoder: Id of the encoder, or name of its folder.
        revision: Its commit, or a checksum.
        layers: The layers that lie side by side in the features.
        dim: Features of a step of one layer.
        precision: Precision of the computation.
        crop: Longer inputs are cut there: seconds of speech, tokens of text; None = no limit.
        prefix: Put before every text.
        frames_per_second: Steps per second, before `frame_stride`; None for text.
        mean: Mean of every feature that the model standardises with, (D,) float32; None where the
            run has no statistics.
        scale: Their standard deviation, likewise.
    """

    encoder: str
    revision: str
    layers: tuple[str, ...]
    dim: int
    precision: str
    crop: float | None
    prefix: str = ""
    frames_per_second: float | None = None
    mean: np.ndarray | None = None
    scale: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a saved model is.

    Attributes:
        folder: Of the run.
        model: Name of the model.
        classes: The emotions, in the order of the probabilities.
        inputs: Names of the inputs of `model.onnx`.
        streams: Name of a stream that the model has inputs for -> how it is made.
        ignored: Streams without effect.
        frames: Longer speech is cropped to this number of steps.
        frame_stride: Number of neighbouring steps that are averaged into one, after the cropping.
        store: Type of the features that it learned from.
        temperature: Of the calibration; None where it is not known.
        languages: ISO 639-1 codes that it learned from.
        merged: Emotion -> the class that it became.
        digests: Of the features files that it learned from.
    """

    folder: Path
    model: str
    classes: tuple[str, ...]
    inputs: tuple[str, ...]
    streams: Mapping[str, Stream]
    ignored: tuple[str, ...]
    frames: int
    frame_stride: int
    store: str
    temperature: float | None
    languages: tuple[str, ...]
    merged: Mapping[str, str]
    digests: tuple[str, ...]


def read_description(folder: Path) -> tuple[Description, Any]:
    """Read `model.json` of a run.

    Args:
        folder: The folder of the run.

    Returns:
        What it says, and its whole content.

    Raises:
        InputError: The folder or the file is missing, of another version, or damaged.
    """
    path = folder / "model.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if (content.get("format"), content.get("version")) != (FORMAT, VERSION):
            raise _other_version(path, content)
        return _described(folder, content), content
    except OSError as error:
        raise InputError(
            f"{folder} must be the folder of a run that keeps a model, but model.json cannot be "
            f"read ({error.strerror}). Give a folder that mdat-train wrote; where only model.onnx "
            f"is missing, mdat-train --export {folder} writes it."
        ) from None
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path} must describe a model, but it is damaged: {error!r}. Restore it from a copy, "
            "or train the model again."
        ) from error


def _other_version(path: Path, content: Mapping[str, Any]) -> InputError:
    got = f"{content.get('format')} {content.get('version')}"
    return InputError(
        f"{path} must be {FORMAT} {VERSION}; got {got}. Update mdat-keras if the model is newer; "
        f"mdat-train --export {path.parent} renews an early one."
    )


def _described(folder: Path, content: Mapping[str, Any]) -> Description:
    inputs = tuple(content["inputs"])
    return Description(
        folder=folder,
        model=content["model"],
        classes=tuple(content["classes"]),
        inputs=inputs,
        streams={name: _stream(name, content) for name in MODALITIES if name in inputs},
        ignored=tuple(content["ignored"]),
        frames=int(content["frames"]),
        frame_stride=int(content["frame_stride"]),
        store=content.get("store", "float16"),
        temperature=content["temperature"],
        languages=tuple(content["learned_from"]["languages"]),
        merged=content["learned_from"]["merged"],
        digests=tuple(of["digest"] for of in content["learned_from"]["corpora"]),
    )


def _stream(name: str, content: Mapping[str, Any]) -> Stream:
    made, numbers = content[name], content["standardisation"].get(name)
    of = {key: np.array(numbers[key], np.float32) for key in ("mean", "scale")} if numbers else {}
    return Stream(
        encoder=made["encoder"],
        revision=made["revision"],
        layers=tuple(made["layers"]) if made["layer"] == MIX else (made["layer"],),
        dim=int(made["dim"]),
        precision=made["precision"],
        crop=made["crop"],
        prefix=made["prefix"],
        frames_per_second=made.get("frames_per_second"),
        **of,
    )
