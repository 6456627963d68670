"""Whether features files may be learned from together."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

from mdat_data import InputError
from mdat_data.cache import MODALITIES, Cache

TRANSCRIPTS = ("recognizer", "recognized")
"""Where texts come from, not how features are made of them: one corpus has transcripts, another
none."""


def check_compatible(caches: Sequence[Cache], *, mix: bool) -> None:
    """Refuse shards, files that were made in different ways, and files that share recordings.

    Args:
        caches: The open files.
        mix: All speech layers are used. Without it a file may hold layers that another lacks.

    Raises:
        InputError: A file is a shard. Encoder, revision, width, precision, crop, rates or the
            layers that are used differ; which, is named. Or two files hold the same recording.
    """
    for cache in caches:
        if shard := cache.provenance.shard:
            raise InputError(
                f"{cache.path} is shard {shard} of {cache.provenance.corpus}: join the shards with "
                "mdat-extract --merge."
            )
    first, *others = caches
    for other in others:
        mine, theirs = _made(first, mix=mix), _made(other, mix=mix)
        differences = [
            f"  {name}: {mine[name]} in {first.path}, {theirs[name]} in {other.path}"
            for name in mine
            if mine[name] != theirs[name]
        ]
        if differences:
            raise InputError(
                "source and target must hold features made in the same way, but differ in:\n"
                + "\n".join(differences)
                + "\nMake one of them again with the settings of the other (mdat-extract)."
            )
    for one, another in combinations(caches, 2):
        shared = {r.sha256: r.utterance.id for r in one.recordings}
        if both := sorted({r.sha256 for r in another.recordings} & set(shared)):
            raise InputError(
                f"{one.path} and {another.path} must hold different recordings, but share "
                f"{len(both)}, such as {shared[both[0]]}: a model would be tested on what it "
                "learned. Without --target a corpus is tested within itself."
            )


def _made(cache: Cache, *, mix: bool) -> dict[str, Any]:
    """How the features that a run reads were made, by the name of each fact."""
    made = {
        f"{modality} {name}": value
        for modality in MODALITIES
        for name, value in asdict(getattr(cache.provenance, modality)).items()
        if name not in TRANSCRIPTS
    }
    speech_layers, text_layers = made.pop("speech layers"), made.pop("text layers")
    made["text layer"] = text_layers[-1]
    return made | {"speech layers": ", ".join(speech_layers)} if mix else made
