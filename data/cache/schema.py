"""What stands in a features file (HDF5), written once for the writer and the reader.

Root attributes: `format`, `version`, `seal` (see `mdat_data.cache.seal`) and one for each field of
`Provenance`. Datasets, for N utterances in the order of their ids:

    speech/<layer>      (N, T_s, D_s) float16 or float32, padded with 0, unwritten chunks left out
    text/<layer>        (N, T_t, D_t) likewise
    text_token          (N, T_t) UTF-8 strings, the token behind each row of text/<layer>: as it
                        stands in the tokenizer's vocabulary, those of beginning and end included,
                        or the word of char-ngram; the padding is unwritten, and reads as empty.
                        It is no part of the digest, and files made before there was one lack it
    speech_length       (N,) int32, valid steps, at least 1; text_length likewise
    duration            (N,) float32, seconds
    id, speaker, group, emotion, language, transcript, audio, audio_sha256, digest
                        (N,) UTF-8 strings; `audio` is relative to the root of the corpus
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mdat_data.utterance import Utterance

FORMAT = "mdat-features"
VERSION = 1
MODALITIES = ("speech", "text")
UTTERANCE_STRINGS = ("id", "speaker", "group", "emotion", "language", "transcript", "audio")
STRINGS = (*UTTERANCE_STRINGS, "audio_sha256", "digest")
TOKENS = "text_token"

Layers = Mapping[str, np.ndarray]
"""One utterance's features in one modality: the name of a layer -> (steps, dim)."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """An utterance with the facts about its audio file that the features file keeps.

    Attributes:
        utterance: What is known about it.
        duration: In seconds.
        sha256: Of the audio file, in hexadecimal.
    """

    utterance: Utterance
    duration: float
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Features:
    """One utterance's features, by layer, each (steps, dim).

    Attributes:
        speech: The layers of the speech encoder.
        text: The layers of the text encoder.
        tokens: What stands behind each step of `text`.

    Raises:
        ValueError: There are more or fewer tokens than steps.
    """

    speech: Layers
    text: Layers
    tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        if {len(rows) for rows in self.text.values()} != {len(self.tokens)}:
            steps = {layer: len(rows) for layer, rows in self.text.items()}
            raise ValueError(f"{len(self.tokens)} tokens for the steps {steps}")


@dataclass(frozen=True, kw_only=True)
class Modality:
    """How the features of one modality came to be.

    Attributes:
        encoder: The model's id or the name of an encoder of ours.
        revision: The commit, or a digest of the weights or of the encoder's settings.
        layers: Names of the stored layers: `last` or the number of a hidden state.
        dim: Width of the features.
        precision: Of the computation, such as `float32`.
        crop: Longer inputs are cut there. Speech: seconds; text: tokens; None = no limit.
        sampling_rate: In Hz, of the audio that the encoder heard; None for text.
        frames_per_second: Steps per second of audio; None for text.
        recognizer: The model (id@revision) that recognised what the corpus has no transcript of;
            None where none did, and for speech.
        recognized: Number of utterances whose transcript it recognised.
    """

    encoder: str
    revision: str
    layers: tuple[str, ...]
    dim: int
    precision: str
    crop: float | int | None
    sampling_rate: int | None = None
    frames_per_second: float | None = None
    recognizer: str | None = None
    recognized: int = 0


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What a second researcher needs to make the same file.

    Attributes:
        corpus: Name of the corpus.
        language: Of the corpus, as ISO 639-1 code.
        created: Time of writing, ISO 8601 in UTC.
        versions: Name of a library -> its version.
        speech: How the speech features came to be.
        text: How the text features came to be.
        store: Type of the stored numbers, `float16` or `float32`.
        left_out: Reason -> number of utterances that the corpus module left out on purpose.
        failures: Id of an unreadable recording -> reason; these are not in the file.
        cut: Ids of the utterances that were longer than the crop of a modality.
        options: What the command was told, by option; files by their names alone.
        shard: Which part of the corpus this is, such as `3/8`; empty if it is the whole.
        shard_of: Number and digest of the utterances of the whole corpus; empty likewise.
    """

    corpus: str
    language: str
    created: str
    versions: Mapping[str, str]
    speech: Modality
    text: Modality
    store: str = "float16"
    left_out: Mapping[str, int] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    cut: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    shard: str = ""
    shard_of: str = ""


def crop_in_words(modality: str, crop: float | None) -> str:
    """Write the crop of a modality for people, and as files of the first releases stored it.

    Args:
        modality: `speech` or `text`.
        crop: As in `Modality`.

    Returns:
        Such as `30 s`, `512 tokens` or `none`.

    Example:
        ```python
        >>> crop_in_words("speech", 30.0), crop_in_words("text", 512), crop_in_words("text", None)
        ('30 s', '512 tokens', 'none')

        ```
    """
    if crop is None:
        return "none"
    return f"{crop:g} s" if modality == "speech" else f"{crop} tokens"


def crop_from_words(words: str) -> float | int | None:
    """Read a crop that `crop_in_words` wrote.

    Example:
        ```python
        >>> crop_from_words("30 s"), crop_from_words("512 tokens"), crop_from_words("none")
        (30.0, 512, None)

        ```
    """
    number, _, unit = words.partition(" ")
    if words == "none":
        return None
    return float(number) if unit == "s" else int(number)


def utterance_digest(utterance: Utterance, features: Features) -> str:
    """SHA-256 of an utterance's features, lengths, id, emotion, speaker, group and transcript.

    Args:
        utterance: What is known about it.
        features: Its features as stored, valid steps only.

    Returns:
        64 hexadecimal digits, equal on every machine.
    """
    digest = hashlib.sha256()
    u = utterance
    digest.update(json.dumps([u.id, u.emotion, u.speaker, u.group, u.transcript]).encode())
    for modality in MODALITIES:
        for layer, rows in sorted(getattr(features, modality).items()):
            little_endian = np.ascontiguousarray(rows, rows.dtype.newbyteorder("<"))
            digest.update(f"{modality}/{layer} {rows.shape} {little_endian.dtype.str}".encode())
            digest.update(little_endian.data)
    return digest.hexdigest()
