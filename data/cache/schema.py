"""The content of a features file (HDF5), defined once for the writer and the reader.

Root attributes: `format`, `version`, `seal` (see `mdat_data.cache.seal`) and one for each field of
`Provenance`. A stream that was not encoded has neither group nor length; at least one is there.
Datasets, for N utterances in the order of their ids:

    speech/<layer>      (N, T_s, D_s) float16 or float32, padded with 0; chunks that hold only
                        padding are not written
    text/<layer>        (N, T_t, D_t) likewise
    text_token          (N, T_t) UTF-8 strings, the token of each step of text/<layer>: an entry of
                        the tokenizer's vocabulary, including those of beginning and end, or the
                        word of char-ngram; empty for padding. The digest does not include it, and
                        files of early releases lack it
    speech_length       (N,) int32, number of steps without padding, at least 1
    text_length         (N,) int32, likewise
    duration            (N,) float32, seconds
    id, speaker, group, emotion, language, transcript, audio, audio_sha256, digest
                        (N,) UTF-8 strings; `audio` is relative to the root of the corpus, an empty
                        `emotion` is none
    samples_sha256      (N,) UTF-8 strings, which files of early releases lack
    sex                 (N,) UTF-8 strings, empty where it is unknown; only where it is known of
                        a speaker
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
SAMPLES = "samples_sha256"
SEX = "sex"
OPTIONAL = (SAMPLES, SEX)
"""Columns of the utterances that a file may lack."""

STORES = ("float16", "float32")

Layers = Mapping[str, np.ndarray]
"""The features of one utterance in one modality: name of a layer -> (steps, dim)."""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """An audio file with its duration and checksum, and the utterance that it records.

    Attributes:
        utterance: The utterance.
        duration: Duration in seconds.
        sha256: SHA-256 of the audio file, in hexadecimal.
        samples_sha256: SHA-256 of its samples, which copies in other formats share; empty where
            the features file is of an early release.
    """

    utterance: Utterance
    duration: float
    sha256: str
    samples_sha256: str = ""

    @property
    def fingerprint(self) -> str:
        """What the copies of a recording share, as far as it is known."""
        return self.samples_sha256 or self.sha256


@dataclass(frozen=True, kw_only=True)
class Features:
    """The features of one utterance by layer, each (steps, dim).

    Attributes:
        speech: The layers of the speech encoder; empty where there was none.
        text: The layers of the text encoder; likewise.
        tokens: The token of each step of `text`.

    Raises:
        ValueError: The number of tokens is not the number of steps.
    """

    speech: Layers = field(default_factory=dict)
    text: Layers = field(default_factory=dict)
    tokens: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if {len(rows) for rows in self.text.values()} | {len(self.tokens)} != {len(self.tokens)}:
            steps = {layer: len(rows) for layer, rows in self.text.items()}
            raise ValueError(
                f"expected a token for each step {steps}, got {len(self.tokens)} tokens"
            )


@dataclass(frozen=True, kw_only=True)
class Modality:
    """How the features of one modality were made.

    Attributes:
        encoder: Id of the model, or name of an encoder of this package.
        revision: The commit, or a digest of the weights or of the encoder's settings.
        layers: Names of the stored layers: `last` or the number of a hidden state.
        dim: Number of features in a step.
        precision: Precision of the computation, such as `float32`.
        crop: Longer inputs are cut there. Speech: seconds; text: tokens; None = no limit.
        sampling_rate: Sampling rate of the encoder's input in Hz; None for text.
        frames_per_second: Steps per second of audio; None for text.
        recognizer: The model (id@revision) that recognised the transcripts that the corpus lacks;
            None where there was none, and for speech.
        recognized: Number of recognised transcripts.
        prefix: What stands before every text; empty for speech.
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
    prefix: str = ""


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """How a features file was made: what is needed to make the same file again.

    Attributes:
        corpus: Name of the corpus.
        language: Language of the corpus, as ISO 639-1 code.
        created: Time of writing, ISO 8601 in UTC.
        versions: Name of a library -> its version.
        speech: How the speech features were made; None where speech was not encoded.
        text: How the text features were made; None where text was not encoded.
        store: Type of the stored numbers, `float16` or `float32`.
        left_out: Reason -> number of utterances that the corpus module left out.
        failures: Id of an unreadable recording -> reason; these are not in the file.
        cut: Ids of the utterances that were longer than the crop of a modality.
        options: The options of the command; files by their names alone.
        shard: The part of the corpus, such as `3/8`; empty for the whole corpus.
        shard_of: Number and digest of the utterances of the whole corpus; empty likewise.
    """

    corpus: str
    language: str
    created: str
    versions: Mapping[str, str]
    speech: Modality | None
    text: Modality | None
    store: str = "float16"
    left_out: Mapping[str, int] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    cut: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    shard: str = ""
    shard_of: str = ""

    def __post_init__(self) -> None:
        if not self.modalities:
            raise ValueError("expected speech or text to be encoded, got neither")

    @property
    def modalities(self) -> tuple[str, ...]:
        """The streams that were encoded: `speech`, `text`."""
        return tuple(modality for modality in MODALITIES if getattr(self, modality))


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
    """Return the SHA-256 of features, lengths, id, emotion, speaker, group, transcript and sex.

    A sex that is unknown adds nothing, so that the digests of files without this column hold.

    Args:
        utterance: The record of the utterance.
        features: Its features as stored, without padding.

    Returns:
        64 hexadecimal digits, equal on every machine.
    """
    digest = hashlib.sha256()
    u = utterance
    facts = [u.id, u.emotion, u.speaker, u.group, u.transcript, *([u.sex] if u.sex else [])]
    digest.update(json.dumps(facts).encode())
    for modality in MODALITIES:
        for layer, rows in sorted(getattr(features, modality).items()):
            little_endian = np.ascontiguousarray(rows, rows.dtype.newbyteorder("<"))
            digest.update(f"{modality}/{layer} {rows.shape} {little_endian.dtype.str}".encode())
            digest.update(little_endian.data)
    return digest.hexdigest()
