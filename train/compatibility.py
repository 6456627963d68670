"""Whether features files may be learned from together."""

from collections.abc import Sequence
from dataclasses import asdict

from mdat_data import InputError
from mdat_data.cache import MODALITIES, Cache


def check_compatible(caches: Sequence[Cache]) -> None:
    """Refuse features files that were made in different ways.

    Args:
        caches: The open files.

    Raises:
        InputError: Encoder, revision, width, precision, crop or rates differ; which, is named.
            Layers may differ, as long as those that are asked for are in every file.
    """
    first, *others = caches
    for other in others:
        differences = [
            f"  {modality} {name}: {mine} in {first.path}, {theirs} in {other.path}"
            for modality in MODALITIES
            for name, mine, theirs in _pairs(first, other, modality)
            if mine != theirs and name != "layers"
        ]
        if differences:
            raise InputError(
                "source and target must hold features made in the same way, but differ in:\n"
                + "\n".join(differences)
                + "\nMake one of them again with the settings of the other (mdat-extract)."
            )


def _pairs(first: Cache, other: Cache, modality: str) -> list[tuple[str, object, object]]:
    mine, theirs = (asdict(getattr(cache.provenance, modality)) for cache in (first, other))
    return [(name, mine[name], theirs[name]) for name in mine]
