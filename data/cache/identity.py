"""When two extractions are the same, and what to say when they are not."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mdat_data.cache.schema import MODALITIES, Provenance, Recording, crop_in_words
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
        made = getattr(provenance, modality)
        # In words, so that batches of an earlier release are still found under their digest.
        facts = asdict(made) | {"crop": crop_in_words(modality, made.crop)}
        for name, value in facts.items():
            settings[f"{modality} {name}"] = json.dumps(value)
    settings["utterances"] = census(recordings)
    if provenance.shard:
        settings["shard"] = f"{provenance.shard} of {provenance.shard_of}"
    return settings


def census(recordings: Sequence[Recording], *, transcripts: bool = True) -> str:
    """Number and digest of utterances, which tell one choice of them from another.

    Args:
        recordings: In the order of the file.
        transcripts: Whether they count.

    Returns:
        Such as `400 with digest 0123456789abcdef`.
    """
    facts = [
        (r.sha256, u.id, u.emotion, u.speaker, u.group, u.language, u.transcript * transcripts)
        for r in recordings
        for u in [r.utterance]
    ]
    return f"{len(recordings)} with digest {digest_of(facts)}"


def refuse_differences(path: Path, existing: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Refuse to mix what was made in different ways.

    Args:
        path: What is there.
        existing: Its settings.
        wanted: The settings of this run.

    Raises:
        InputError: They differ; where, is named.
    """
    if lines := differences(existing, wanted):
        raise InputError(
            f"{path} was made with other settings:\n"
            + "\n".join(lines)
            + "\nRemove it, choose another --out, or repeat the settings it was made with."
        )


def differences(there: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """Name what differs, one line for each setting.

    Args:
        there: Settings of what exists.
        here: Settings that are wanted.

    Returns:
        The lines, none if there is no difference.
    """
    return [
        f"  {name}: {there.get(name, 'absent')} there, {here.get(name, 'absent')} here"
        for name in sorted({*there, *here})
        if there.get(name) != here.get(name)
    ]


def digest_of(value: Any) -> str:
    """Sixteen hexadecimal digits that tell a value that JSON knows from others."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
