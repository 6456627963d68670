"""What the features file tells about how it was made."""

import platform
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from mdat_data.cache import Modality, Provenance
from mdat_extract.config import ExtractSettings
from mdat_extract.encoders.encoder import Encoder, SpeechEncoder, TextEncoder
from mdat_extract.inputs.audio import SAMPLING_RATE
from mdat_extract.inputs.prepared_corpus import Material

AUDIO_PACKAGES = ("numpy", "soundfile", "soxr")
RECOGNIZER_PACKAGES = ("torch", "transformers")
ELSEWHERE = ("out", "root", "shard")
"""Options that say nothing about the features of an utterance."""


def describe(
    settings: ExtractSettings,
    material: Material,
    *,
    speech: SpeechEncoder,
    text: TextEncoder,
    cut: Iterable[str],
) -> Provenance:
    """Describe an extraction.

    Args:
        settings: What the user chose.
        material: What is encoded.
        speech: The encoder of speech.
        text: The encoder of text.
        cut: Ids of the utterances of which an end is lost.

    Returns:
        The description that is stored in the file.
    """
    hears = RECOGNIZER_PACKAGES if material.recognizer else ()
    packages = sorted({*AUDIO_PACKAGES, *speech.packages, *text.packages, *hears})
    return Provenance(
        corpus=material.corpus.name,
        language=material.corpus.language,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=_ours() | {name: version(name) for name in packages},
        options=_options(settings),
        shard=settings.shard or "",
        shard_of=material.shard_of,
        speech=Modality(
            **_common(speech),
            crop=f"{settings.max_seconds:g} s",
            sampling_rate=SAMPLING_RATE,
            frames_per_second=speech.frames_per_second,
        ),
        text=Modality(
            **_common(text),
            crop=f"{text.max_tokens} tokens" if text.max_tokens else "none",
            recognizer=material.recognizer,
            recognized=len(material.recognized),
        ),
        store=settings.store,
        left_out=material.left_out,
        failures=material.failures,
        cut=tuple(sorted(cut)),
    )


def _ours() -> dict[str, str]:
    ours = {"python": platform.python_version()}
    with suppress(PackageNotFoundError):  # run from a checkout that is not installed
        ours["mdat-keras"] = version("mdat-keras")
    return ours


def _options(settings: ExtractSettings) -> dict[str, Any]:
    """What the user chose; of files the name, as the place says nothing on another machine."""
    options = {name: value for name, value in asdict(settings).items() if name not in ELSEWHERE}
    return {
        name: Path(value).name if isinstance(value, str | Path) and Path(value).exists() else value
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
