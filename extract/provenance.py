"""The provenance of a features file: how its features were made."""

import math
import platform
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from mdat_data.cache import Modality, Provenance
from mdat_extract.config import PATHS, SAMPLING_RATE, ExtractConfig
from mdat_extract.encoders.encoder import Encoder, SpeechEncoder, TextEncoder
from mdat_extract.inputs.prepared_corpus import PreparedCorpus

AUDIO_PACKAGES = ("numpy", "soxr")
RECOGNIZER_PACKAGES = ("torch", "transformers")
UNRELATED = ("out", "root", "shard")
"""Options that have no effect on the features of an utterance."""


def describe(
    config: ExtractConfig,
    corpus: PreparedCorpus,
    *,
    speech: SpeechEncoder | None,
    text: TextEncoder | None,
    cut: Iterable[str],
) -> Provenance:
    """Describe an extraction.

    Args:
        config: The configuration.
        corpus: The utterances that are encoded.
        speech: The speech encoder, or None.
        text: The text encoder, or None.
        cut: Ids of the utterances whose recording or transcript is cut.

    Returns:
        The provenance to store in the file.
    """
    recognizing = RECOGNIZER_PACKAGES if corpus.recognizer else ()
    own = {*AUDIO_PACKAGES, *corpus.decoders}
    encoding = [name for encoder in (speech, text) if encoder for name in encoder.packages]
    packages = sorted({*own, *encoding, *recognizing})
    return Provenance(
        corpus=corpus.corpus.name,
        language=corpus.corpus.language,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=_own_versions() | {name: version(name) for name in packages},
        options=_options(config),
        shard=config.shard or "",
        shard_of=corpus.shard_of,
        speech=None if speech is None else _speech(speech, config),
        text=None if text is None else _text(text, corpus),
        store=config.store,
        left_out=corpus.left_out,
        failures=corpus.failures,
        cut=tuple(sorted(cut)),
    )


def _speech(encoder: SpeechEncoder, config: ExtractConfig) -> Modality:
    return Modality(
        **_common(encoder),
        crop=config.max_seconds if math.isfinite(config.max_seconds) else None,
        sampling_rate=SAMPLING_RATE,
        frames_per_second=encoder.frames_per_second,
    )


def _text(encoder: TextEncoder, corpus: PreparedCorpus) -> Modality:
    return Modality(
        **_common(encoder),
        crop=encoder.max_tokens,
        prefix=encoder.prefix,
        recognizer=corpus.recognizer,
        recognized=len(corpus.recognized),
    )


def _own_versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    with suppress(PackageNotFoundError):  # run from a checkout that is not installed
        versions["mdat-keras"] = version("mdat-keras")
    return versions


def _options(config: ExtractConfig) -> dict[str, Any]:
    """The options, files by their names alone: their folders differ between machines."""
    options = {name: value for name, value in asdict(config).items() if name not in UNRELATED}
    return {
        name: Path(value).name if name in PATHS and value and Path(value).exists() else value
        for name, value in options.items()
    }


def _common(encoder: Encoder[Any]) -> dict[str, Any]:
    return {
        "encoder": encoder.name,
        "revision": encoder.revision,
        "layers": encoder.layers,
        "dim": encoder.dim,
        "precision": encoder.precision,
    }
