"""Checks that features files fit together."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

from mdat_data import InputError
from mdat_data.cache import FeaturesFile, Recording
from mdat_data.printable import one_line

TRANSCRIPTS = ("recognizer", "recognized")
"""Origin of the transcripts. Files may differ in it, since a corpus may have no transcripts."""


def check_compatible(caches: Sequence[FeaturesFile], *, mix: bool) -> None:
    """Refuse shards, files of different settings, and files that share recordings.

    Args:
        caches: The open files.
        mix: All speech layers are used, so the files must have the same ones.

    Raises:
        InputError: A file is a shard, two files have different settings (which are named), or two
            files have the same recording.
    """
    for cache in caches:
        if shard := cache.provenance.shard:
            raise InputError(
                f"{cache.path} is shard {shard} of {cache.provenance.corpus}: join the shards with "
                "mdat-features merge."
            )
    first, *others = caches
    for other in others:
        mine, theirs = _made(first, mix=mix), _made(other, mix=mix)
        differences = [
            f"  {name}: {mine[name]} in {first.path}, {theirs.get(name)} in {other.path}"
            for name in mine
            if mine[name] != theirs.get(name)
        ]
        if differences:
            raise InputError(
                "the features files of a run must have the same settings; got different ones:\n"
                + "\n".join(differences)
                + "\nMake one of them again with the settings of the other (mdat-extract)."
            )
    for one, another in combinations(caches, 2):
        known = {checksum for r in one.recordings for checksum in _checksums(r)}
        if both := [r.utterance.id for r in another.recordings if known & _checksums(r)]:
            raise InputError(
                f"{one.path} and {another.path} must have different recordings; got {len(both)} "
                f"that are in both, such as {one_line(both[0])}: a model would be tested on "
                "its training data. Leave --target out to test within a corpus."
            )


def _checksums(recording: Recording) -> set[str]:
    """What a copy of a recording may share: the file, or only its samples."""
    return {recording.sha256, recording.samples_sha256} - {""}


def _made(cache: FeaturesFile, *, mix: bool) -> dict[str, Any]:
    """The settings that the features were made with, by name."""
    made = {"encoded": ", ".join(cache.provenance.modalities)} | {
        f"{modality} {name}": value
        for modality in cache.provenance.modalities
        for name, value in asdict(getattr(cache.provenance, modality)).items()
        if name not in TRANSCRIPTS
    }
    speech_layers = made.pop("speech layers", ())
    made.pop("text layers", ())
    return made | {"speech layers": ", ".join(speech_layers)} if mix else made
