"""When two extractions are the same, and what to say when they are not."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mdat_data.cache.schema import MODALITIES, Provenance, Recording
from mdat_data.errors import InputError


def identity(provenance: Provenance, recordings: Sequence[Recording]) -> dict[str, str]:
    """What two files share when they hold the same features of the same utterances.

    Args:
        provenance: How the features came to be.
        recordings: Of the utterances.

    Returns:
        Name of a setting -> its value, in words.
    """
    settings = {"corpus": provenance.corpus, "store": provenance.store}
    for modality in MODALITIES:
        for name, value in asdict(getattr(provenance, modality)).items():
            settings[f"{modality} {name}"] = json.dumps(value)
    facts = [
        (r.sha256, u.id, u.emotion, u.speaker, u.group, u.language, u.transcript)
        for r in recordings
        for u in [r.utterance]
    ]
    settings["utterances"] = f"{len(recordings)} with digest {digest_of(facts)}"
    return settings


def refuse_differences(path: Path, existing: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Refuse to mix what was made in different ways.

    Args:
        path: What is there.
        existing: Its settings.
        wanted: The settings of this run.

    Raises:
        InputError: They differ; where, is named.
    """
    differences = [
        f"  {name}: {existing.get(name, 'absent')} there, {wanted.get(name, 'absent')} here"
        for name in sorted({*existing, *wanted})
        if existing.get(name) != wanted.get(name)
    ]
    if differences:
        raise InputError(
            f"{path} was made with other settings:\n"
            + "\n".join(differences)
            + "\nRemove it, choose another --out, or repeat the settings it was made with."
        )


def digest_of(value: Any) -> str:
    """Sixteen hexadecimal digits that tell a value that JSON knows from others."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
