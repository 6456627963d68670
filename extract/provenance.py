"""What the features file tells about how it was made."""

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from mdat_data.cache import Modality, Provenance
from mdat_extract.audio import SAMPLING_RATE
from mdat_extract.encoders.encoder import Encoder
from mdat_extract.material import Material
from mdat_extract.settings import ExtractSettings

AUDIO_PACKAGES = ("numpy", "soundfile", "soxr")


def describe(
    settings: ExtractSettings,
    material: Material,
    *,
    speech: Encoder[Any],
    text: Encoder[Any],
    cut: Sequence[str],
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
    packages = sorted({*AUDIO_PACKAGES, *speech.packages, *text.packages})
    return Provenance(
        corpus=material.corpus.name,
        language=material.corpus.language,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={"python": platform.python_version()} | {name: version(name) for name in packages},
        speech=_modality(speech, crop=f"{settings.max_seconds:g} s", sampling_rate=SAMPLING_RATE),
        text=_modality(text, crop=f"{text.max_tokens} tokens" if text.max_tokens else "none"),
        store=settings.store,
        left_out=material.corpus.left_out,
        failures=material.failures,
        cut=tuple(cut),
    )


def _modality(encoder: Encoder[Any], *, crop: str, sampling_rate: int | None = None) -> Modality:
    return Modality(
        encoder=encoder.name,
        revision=encoder.revision,
        layers=encoder.layers,
        dim=encoder.dim,
        precision=encoder.precision,
        crop=crop,
        sampling_rate=sampling_rate,
        frames_per_second=encoder.frames_per_second,
    )
