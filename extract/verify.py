"""Encodes some utterances of a features file again, and compares."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mdat_data import InputError
from mdat_data.cache import MODALITIES, Cache, Features, Modality, Recording
from mdat_data.corpora import default_root, names
from mdat_data.readers.audformat_database import is_audformat
from mdat_extract.encoders import (
    OFFLINE_SPEECH,
    OFFLINE_TEXT,
    SpeechEncoder,
    TextEncoder,
    speech_encoder,
    text_encoder,
)
from mdat_extract.inputs.audio import load, look

COMPUTED = {"float32": 1e-4, "bfloat16": 3e-2}
"""Error that the precision explains. In float32 the neighbours in a batch cost 1e-5, the rest is
room for another device. In bfloat16 two computations may each be 1.35e-2 away from the true one."""

STORED = {"float16": 2**-10, "float32": 2**-23}
"""Error that the type of the stored numbers explains."""

SMALLEST = 2.0**-14
"""Normal number in float16; below it the error is no longer relative."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What came of encoding utterances again.

    Attributes:
        errors: Id of an utterance -> the largest relative error of a step in any layer.
        allowed: What precision and storage explain.
    """

    errors: dict[str, float]
    allowed: float


def verify(
    path: Path,
    count: int,
    *,
    seed: int,
    root: Path | None = None,
    corpus: str | None = None,
    speech: str | None = None,
    text: str | None = None,
    device: str = "auto",
) -> Verification:
    """Encode random utterances again, one by one, and compare them with a features file.

    Args:
        path: The file.
        count: How many.
        seed: Of the draw.
        root: Folder of the recordings; None is the default place.
        corpus: A manifest or an audformat database, whose folder then is the default place.
        speech: The speech encoder, where the file was made with one from a folder.
        text: The text encoder, likewise.
        device: Where to compute.

    Returns:
        The relative errors: the length of the difference of a step from the new one, as a share
        of the length of the new one.

    Raises:
        InputError: The recordings or the encoders are not those the file was made with.
    """
    with Cache(path) as cache:
        made = cache.provenance
        how: dict[str, Any] = {"device": device, "precision": made.speech.precision}
        named = _name(made.speech, speech, "speech", OFFLINE_SPEECH)
        hears = speech_encoder(named, layers=made.speech.layers, **how)
        reads = text_encoder(
            _name(made.text, text, "text", OFFLINE_TEXT), layers=made.text.layers, **how
        )
        _refuse_other(made.speech, hears, "speech")
        _refuse_other(made.text, reads, "text")
        root = root or _root(corpus or made.corpus)
        rows = random.Random(seed).sample(range(len(cache.recordings)), k=len(cache.recordings))
        errors = {}
        for row in sorted(rows[:count]):
            recording = cache.recordings[row]
            again = _encode(recording, root, made.speech.crop, hears, reads)
            errors[recording.utterance.id] = _error(cache.features(row), again)
        allowed = max(COMPUTED[made.speech.precision], COMPUTED[made.text.precision])
        return Verification(errors=errors, allowed=allowed + STORED[made.store])


def _name(made: Modality, chosen: str | None, modality: str, offline: dict[str, Any]) -> str:
    """By which an encoder is loaded again, in the revision that the file was made with."""
    if chosen or made.encoder in offline:
        return chosen or made.encoder
    if made.revision.startswith("sha256:"):
        raise InputError(
            f"the {modality} features come from a model in a folder, {made.encoder}. Name it: "
            f"--{modality}-encoder FOLDER"
        )
    return f"{made.encoder}@{made.revision}"


def _refuse_other(made: Modality, encoder: SpeechEncoder | TextEncoder, modality: str) -> None:
    if encoder.revision != made.revision:
        raise InputError(
            f"the {modality} features come from {made.encoder} at {made.revision}, but "
            f"{encoder.name} is at {encoder.revision}. Name the one that the file was made with: "
            f"--{modality}-encoder."
        )


def _root(corpus: str) -> Path:
    if is_audformat(Path(corpus)):
        return Path(corpus)
    if Path(corpus).suffix.lower() in (".csv", ".tsv"):
        return Path(corpus).parent
    if corpus not in names():
        raise InputError(
            f"the file was made from a table, or an audformat database, called {corpus}. Name its "
            "file or folder (--corpus) or the folder of its recordings (--root)."
        )
    return default_root(corpus)


def _encode(
    recording: Recording, root: Path, crop: str, hears: SpeechEncoder, reads: TextEncoder
) -> Features:
    path, seconds = root / recording.utterance.audio, float(crop.removesuffix(" s"))
    try:
        same = look(path, max_seconds=seconds).sha256 == recording.sha256
    except InputError as error:
        raise InputError(f"{path}: {error}. Name the folder of the recordings: --root.") from error
    if not same:
        raise InputError(f"{path} is not the recording that the features were made of.")
    [speech] = hears.encode([load(path, max_seconds=seconds)])
    transcript = recording.utterance.transcript
    [text] = reads.encode([transcript])
    return Features(speech=speech, text=text, tokens=reads.tokens(transcript))


def _error(stored: Features, again: Features) -> float:
    return max(
        error
        for modality in MODALITIES
        for layer, rows in getattr(stored, modality).items()
        for error in _errors(rows.astype(np.float64), getattr(again, modality)[layer])
    )


def _errors(stored: np.ndarray, again: np.ndarray) -> Iterator[float]:
    """Of every step."""
    if stored.shape != again.shape:
        yield np.inf
        return
    lengths = np.linalg.norm(again, axis=1)
    differences = np.linalg.norm(stored - again, axis=1)
    yield from (differences / np.maximum(lengths, SMALLEST * np.sqrt(again.shape[1]))).tolist()
