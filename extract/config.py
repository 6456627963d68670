"""The configuration of an extraction. Nothing heavy is imported here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from mdat_data.errors import expect
from mdat_data.process.paths import usable_path

PRECISIONS = ("float32", "bfloat16")
STORES = ("float16", "float32")
LONG = ("cut", "error")
NONE = "none"
"""Name of the encoder of a stream that is not encoded."""
SAMPLING_RATE = 16_000
"""Sampling rate of the input of every encoder, in Hz."""
PATHS = ("corpus", "out", "root", "transcripts", "speech_encoder", "text_encoder", "asr")
"""Fields that are a path, or may be one."""

LONGEST_SHARD = 20
"""Characters of the longest `shard`."""

SHORTEST = 0.025
"""Seconds of one frame of the speech encoders; `max_seconds` cannot be less."""


@dataclass(frozen=True, kw_only=True)
class ExtractConfig:
    """The choices of an extraction. Each field is the command-line option of the same name.

    Paths are `str` or `Path`. Equal choices make equal configurations, however they are written.

    Attributes:
        corpus: Name of a corpus, path of a manifest, or folder of an audformat database.
        out: The features file to write.
        root: Folder of the recordings; None for the default folder.
        emotion_column: Column of an audformat database, as `<table>.<column>`; None finds it by
            its name.
        speech_encoder: `logmel`, or the id or folder of a wav2vec2, HuBERT, WavLM, data2vec-audio,
            Whisper or w2v-BERT model. `none` leaves speech out of the file.
        text_encoder: `char-ngram`, or the id or folder of a language model. `none` leaves text out.
        text_prefix: Put before every text, for language models that were trained with one. Its
            tokens have rows as well.
        speech_layer: `last`, `middle` or numbers of hidden states, in a sequence or separated by
            commas. One pass computes all of them.
        text_layer: Layers of the text encoder, likewise.
        transcripts: Table of transcripts that replace those of the corpus.
        asr: Id or folder of a CTC or Whisper model that recognises the missing transcripts.
        device: `auto` (the graphics card if there is one), or a device that torch knows.
        precision: Precision of the computation, `float32` or `bfloat16`.
        store: Type of the stored features, `float16` or `float32`.
        batch_seconds: Seconds of audio in a batch, padding included.
        max_seconds: Longest recording in seconds. `long` decides about longer ones.
        long: `cut` encodes the beginning of longer recordings, `error` counts them as failures.
        max_failures: Largest number of unusable recordings that may be left out.
        limit: Number of utterances to encode; None for all.
        shard: Part of the corpus to encode, such as `3/8`; None for the whole.

    Raises:
        InputError: A value is not allowed.

    Example:
        ```python
        >>> ExtractConfig(corpus="emodb", out="emodb.h5", speech_layer="6,12").speech_layer
        ('6', '12')

        ```
    """

    corpus: str | Path
    out: str | Path
    root: str | Path | None = None
    emotion_column: str | None = None
    speech_encoder: str = "facebook/wav2vec2-xls-r-300m"
    text_encoder: str = "FacebookAI/xlm-roberta-base"
    text_prefix: str = ""
    speech_layer: Sequence[str] = ("middle", "last")
    text_layer: Sequence[str] = ("last",)
    transcripts: str | Path | None = None
    asr: str | None = None
    device: str = "auto"
    precision: str = "float32"
    store: str = "float16"
    batch_seconds: float = 60.0
    max_seconds: float = 30.0
    long: str = "cut"
    max_failures: int = 0
    limit: int | None = None
    shard: str | None = None

    def __post_init__(self) -> None:
        for name in PATHS:
            if (path := getattr(self, name)) is not None:
                usable_path(path, f"--{name.replace('_', '-')}")
        written_alike = {
            "corpus": str(self.corpus),
            "out": Path(self.out),
            "root": self.root and Path(self.root),
            "transcripts": self.transcripts and Path(self.transcripts),
            "speech_layer": _layers(self.speech_layer),
            "text_layer": _layers(self.text_layer),
            "batch_seconds": float(self.batch_seconds),
            "max_seconds": float(self.max_seconds),
        }
        for name, value in written_alike.items():
            object.__setattr__(self, name, value)
        self._check_choices()
        self._check_numbers()

    def _check_choices(self) -> None:
        for name, choices in (("precision", PRECISIONS), ("store", STORES), ("long", LONG)):
            expect(self, name, " or ".join(choices), getattr(self, name) in choices)
        if self.text_encoder == NONE:
            expect(
                self, "speech_encoder", "an encoder if text has none", self.speech_encoder != NONE
            )
            expect(self, "text_prefix", "empty without a text encoder", not self.text_prefix)
            expect(self, "asr", "left out without a text encoder", self.asr is None)

    def _check_numbers(self) -> None:
        expect(self, "batch_seconds", "above 0 and finite", 0 < self.batch_seconds < math.inf)
        expect(self, "max_seconds", f"at least {SHORTEST}", self.max_seconds >= SHORTEST)
        expect(self, "max_seconds", "finite", self.max_seconds < math.inf)
        expect(self, "max_failures", "at least 0", self.max_failures >= 0)
        expect(self, "max_failures", "a whole number", isinstance(self.max_failures, int))
        if self.limit is not None:
            expect(self, "limit", "at least 1", self.limit >= 1)
            expect(self, "limit", "a whole number", isinstance(self.limit, int))
        if self.shard is not None:
            expect(self, "shard", "a shard such as 3/8", len(self.shard) <= LONGEST_SHARD)


class ExtractOptions(TypedDict, total=False):
    """The fields of `ExtractConfig`, but not `corpus`, as keyword arguments of `extract`."""

    out: str | Path
    root: str | Path | None
    emotion_column: str | None
    speech_encoder: str
    text_encoder: str
    text_prefix: str
    speech_layer: Sequence[str]
    text_layer: Sequence[str]
    transcripts: str | Path | None
    asr: str | None
    device: str
    precision: str
    store: str
    batch_seconds: float
    max_seconds: float
    long: str
    max_failures: int
    limit: int | None
    shard: str | None


def _layers(layers: Sequence[str]) -> tuple[str, ...]:
    parts = [layers] if isinstance(layers, str) else [str(layer) for layer in layers]
    return tuple(layer.strip() for part in parts for layer in part.split(","))
