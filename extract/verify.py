"""Encodes some utterances of a features file again and compares the results."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mdat_data import InputError
from mdat_data.cache import MODALITIES, Features, Modality, Recording, open_features
from mdat_data.corpora import default_root, names
from mdat_data.process.paths import usable_path
from mdat_data.readers.audformat_database import is_audformat
from mdat_extract import encoders
from mdat_extract.encoders import SpeechEncoder, TextEncoder
from mdat_extract.inputs.audio import inspect_audio, load

COMPUTED = {"float32": 1e-4, "bfloat16": 3e-2}
"""Relative error that the precision explains. In float32 the other utterances of a batch cause
1e-5; the rest allows for another device. In bfloat16 the error of each of two computations may be
1.35e-2."""

STORED = {"float16": 2**-10, "float32": 2**-23}
"""Relative error that the type of the stored features explains."""

SMALLEST = 2.0**-14
"""Smallest normal number of float16. Below it the rounding error is absolute."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """The result of encoding utterances again.

    Attributes:
        errors: Id of an utterance -> its largest relative error, over all steps and layers.
        allowed: Largest relative error that precision and storage explain.
    """

    errors: dict[str, float]
    allowed: float


def verify(
    path: str | Path,
    *,
    count: int,
    seed: int,
    root: str | Path | None = None,
    corpus: str | Path | None = None,
    speech_encoder: str | None = None,
    text_encoder: str | None = None,
    device: str = "auto",
) -> Verification:
    """Encode random utterances again, one by one, and compare them with a features file.

    Args:
        path: The features file.
        count: Number of utterances.
        seed: Seed of the random choice.
        root: Folder of the recordings; None for the default folder.
        corpus: The manifest or audformat database, if the file was made from one and `root` is
            not given.
        speech_encoder: Folder of the speech encoder, if the file was made with a model from a
            folder.
        text_encoder: Folder of the text encoder, likewise.
        device: Device of the computation.

    Returns:
        The relative errors. The error of a step is the norm of the difference divided by the norm
        of the new features.

    Raises:
        InputError: The recordings or the encoders are not those that the file was made with.
    """
    with open_features(path) as file:
        made = file.provenance
        speech = _loaded("speech", made.speech, speech_encoder, device)
        text = _loaded("text", made.text, text_encoder, device)
        crop = made.speech.crop if made.speech else None
        folder = Path(root) if root else _root(str(corpus or made.corpus))
        rows = random.Random(seed).sample(range(len(file.recordings)), k=len(file.recordings))
        errors = {}
        for row in sorted(rows[:count]):
            recording = file.recordings[row]
            again = _encode(recording, folder, crop, speech, text)
            errors[recording.utterance.id] = _error(file.features(row), again)
        allowed = max(COMPUTED[of_one.precision] for of_one in (made.speech, made.text) if of_one)
        return Verification(errors=errors, allowed=allowed + STORED[made.store])


def _loaded(modality: str, made: Modality | None, chosen: str | None, device: str) -> Any:
    """The encoder that the file was made with; None where there was none."""
    if made is None:
        return None
    name, layers = _name(modality, made, chosen), made.layers
    how = {"device": device, "precision": made.precision}
    encoder: SpeechEncoder | TextEncoder = (
        encoders.speech_encoder(name, layers=layers, **how)
        if modality == "speech"
        else encoders.text_encoder(name, layers=layers, prefix=made.prefix, **how)
    )
    if encoder.revision != made.revision:
        raise InputError(
            f"the {modality} features were made with {made.encoder} at {made.revision}, but "
            f"{encoder.name} is at {encoder.revision}. Give the one that the file was made with: "
            f"--{modality}-encoder."
        )
    return encoder


def _name(modality: str, made: Modality, chosen: str | None) -> str:
    """Name of the encoder, in the revision that the file was made with."""
    if chosen is not None:
        usable_path(chosen, f"--{modality}-encoder")
    if chosen or encoders.is_offline(made.encoder, modality):
        return chosen or made.encoder
    if made.revision.startswith("sha256:"):
        raise InputError(
            f"the {modality} features were made with a model from a folder, {made.encoder}. Give "
            f"this folder: --{modality}-encoder FOLDER"
        )
    return f"{made.encoder}@{made.revision}"


def _root(corpus: str) -> Path:
    path = usable_path(corpus, "--corpus")
    if is_audformat(path):
        return path
    if path.suffix.lower() in (".csv", ".tsv"):
        return path.parent
    if corpus not in names():
        raise InputError(
            f"the file was made from a manifest or an audformat database named {corpus}. Give its "
            "file or folder (--corpus) or the folder of its recordings (--root)."
        )
    return default_root(corpus)


def _encode(
    recording: Recording,
    root: Path,
    crop: float | None,
    speech: SpeechEncoder | None,
    text: TextEncoder | None,
) -> Features:
    path, seconds = root / recording.utterance.audio, math.inf if crop is None else crop
    try:
        same = inspect_audio(path, max_seconds=seconds).sha256 == recording.sha256
    except InputError as error:
        raise InputError(f"{path}: {error}. Give the folder of the recordings: --root.") from error
    if not same:
        raise InputError(
            f"{path} is not the recording that the features were made from. Restore it, or give "
            "another folder of recordings: --root."
        )
    transcript = recording.utterance.transcript
    return Features(
        speech=speech.encode([load(path, max_seconds=seconds)])[0] if speech else {},
        text=text.encode([transcript])[0] if text else {},
        tokens=text.tokens(transcript) if text else (),
    )


def _error(stored: Features, again: Features) -> float:
    return max(
        error
        for modality in MODALITIES
        for layer, rows in getattr(stored, modality).items()
        for error in _errors(rows.astype(np.float64), getattr(again, modality)[layer])
    )


def _errors(stored: np.ndarray, again: np.ndarray) -> Iterator[float]:
    """The relative error of every step."""
    if stored.shape != again.shape:
        yield np.inf
        return
    lengths = np.linalg.norm(again, axis=1)
    differences = np.linalg.norm(stored - again, axis=1)
    yield from (differences / np.maximum(lengths, SMALLEST * np.sqrt(again.shape[1]))).tolist()
