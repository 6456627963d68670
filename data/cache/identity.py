"""The settings by which two extractions are compared, and their differences in words."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mdat_data.cache.schema import MODALITIES, Provenance, Recording, crop_in_words
from mdat_data.errors import InputError


def identity(provenance: Provenance, recordings: Sequence[Recording]) -> dict[str, str]:
    """Return the settings that are equal in files with the same features of the same utterances.

    Args:
        provenance: How the features were made.
        recordings: The utterances in the order of the file.

    Returns:
        Name of a setting -> its value, in words.
    """
    settings = {"corpus": provenance.corpus, "store": provenance.store}
    for modality in MODALITIES:
        made = getattr(provenance, modality)
        if made is None:
            settings[f"{modality} encoder"] = "none"
            continue
        # In words, so that batches of an earlier release are still found under their digest.
        facts = asdict(made) | {"crop": crop_in_words(modality, made.crop)}
        if not made.prefix:  # earlier releases had none
            del facts["prefix"]
        for name, value in facts.items():
            settings[f"{modality} {name}"] = json.dumps(value)
    settings["utterances"] = census(recordings)
    if provenance.shard:
        settings["shard"] = f"{provenance.shard} of {provenance.shard_of}"
    return settings


def census(recordings: Sequence[Recording], *, transcripts: bool = True) -> str:
    """Return number and digest of utterances, which differ between two selections.

    Args:
        recordings: The utterances in the order of the file.
        transcripts: Include the transcripts in the digest.

    Returns:
        Text such as `400 with digest 0123456789abcdef`.
    """
    facts = [
        (r.sha256, u.id, u.emotion, u.speaker, u.group, u.language, u.transcript * transcripts)
        for r in recordings
        for u in [r.utterance]
    ]
    return f"{len(recordings)} with digest {digest_of(facts)}"


def sexes(recordings: Sequence[Recording]) -> dict[str, str]:
    """Describe the sexes as a setting, for the comparison of two files.

    `identity` leaves it out, because the features are the same without it.

    Args:
        recordings: The utterances in the order of the file.

    Returns:
        Name of the setting -> number and digest; nothing where no sex is known.
    """
    known = [(r.utterance.id, r.utterance.sex) for r in recordings if r.utterance.sex]
    return {"sexes": f"{len(known)} with digest {digest_of(known)}"} if known else {}


def refuse_differences(path: Path, existing: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Refuse to continue a file or folder that was made with other settings.

    Args:
        path: The existing file or folder.
        existing: The settings with which it was made.
        wanted: The settings of this run.

    Raises:
        InputError: The settings differ.
    """
    if lines := differences(existing, wanted):
        raise InputError(
            f"{path} was made with other settings:\n"
            + "\n".join(lines)
            + "\nRemove it, choose another --out, or use the settings with which it was made."
        )


def differences(there: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """List the settings that differ.

    Args:
        there: Settings of the existing file.
        here: Settings of this run.

    Returns:
        One line for each setting that differs.
    """
    return [
        f"  {name}: {there.get(name, 'missing')} there, {here.get(name, 'missing')} here"
        for name in sorted({*there, *here})
        if there.get(name) != here.get(name)
    ]


def digest_of(value: Any) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of a value in JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
