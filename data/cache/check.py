"""Checks that a features file is unchanged since it was written, without corpus and encoders."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from mdat_data.cache.disk import DAMAGE, reporting_damage
from mdat_data.cache.hdf5.attributes import attribute
from mdat_data.cache.hdf5.datasets import dataset, find_dataset
from mdat_data.cache.hdf5.structure import structure_faults
from mdat_data.cache.hdf5.texts import texts
from mdat_data.cache.header import open_checked
from mdat_data.cache.reader import FeaturesFile
from mdat_data.cache.schema import OPTIONAL, STRINGS, Features, utterance_digest
from mdat_data.cache.seal import SEAL, seal_of
from mdat_data.utterance import Utterance

UNREADABLE = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The result of checking a features file.

    Attributes:
        utterances: Number of utterances; 0 where the structure has a fault.
        digest: Digest of all features and labels, as stored in the file; empty likewise.
        sealed: The file has a seal over its provenance; files of early releases have none.
        faults: What has changed since the file was written, with the id of the utterance where it
            belongs to one.
    """

    utterances: int
    digest: str
    sealed: bool
    faults: tuple[str, ...]


def check(path: Path) -> Verdict:
    """Check structure, provenance and the digest of every utterance.

    One utterance at a time is in memory.

    Args:
        path: The file.

    Returns:
        The faults that were found.

    Raises:
        InputError: The file is not a features file, or cannot be read.
    """
    file, provenance = open_checked(path)  # what `open_features` refuses is listed here
    with FeaturesFile(path, file, provenance) as features, reporting_damage(path):
        if faults := [*structure_faults(file, provenance), *_missing_layers(features)]:
            return Verdict(utterances=0, digest="", sealed=False, faults=tuple(faults))
        return Verdict(
            utterances=len(dataset(file, "id")),
            digest=features.digest,
            sealed=SEAL in file.attrs,
            faults=(*_order(file), *_seal(file), *_utterances(features)),
        )


def _missing_layers(features: FeaturesFile) -> Iterator[str]:
    for modality in features.provenance.modalities:
        for name in (f"{modality}/{n}" for n in getattr(features.provenance, modality).layers):
            if find_dataset(features.file, name) is None:
                yield f"expected {name}, which is in the provenance, but it is missing"


def _order(file: h5py.File) -> Iterator[str]:
    ids = _column(file, "id")
    for id, count in Counter(ids).items():
        if count > 1:
            yield f"utterance {id}: expected one of this id, but there are {count}"
    if any(one > other for one, other in pairwise(ids)):
        yield "the utterances are not in the order of their ids"


def _seal(file: h5py.File) -> Iterator[str]:
    try:
        broken = attribute(file, SEAL) not in (None, seal_of(file))
    except DAMAGE as error:
        yield f"provenance and columns cannot be read: {error}"
        return
    if broken:
        yield "the provenance, the tokens or a column of the utterances has changed"


def _utterances(features: FeaturesFile) -> Iterator[str]:
    there = [name for name in OPTIONAL if find_dataset(features.file, name) is not None]
    columns = {name: _column(features.file, name) for name in (*STRINGS, *there)}
    for row, id in enumerate(columns["id"]):
        values = {name: column[row] for name, column in columns.items()}
        try:
            faults = list(_utterance(features, row, values))
        except DAMAGE as error:
            faults = [f"cannot be read ({error})"]
        if faults:
            yield f"utterance {id} (row {row}): {'; '.join(faults)}"


def _utterance(features: FeaturesFile, row: int, values: dict[str, str]) -> Iterator[str]:
    modalities = features.provenance.modalities
    by_modality: dict[str, dict[str, np.ndarray]] = {modality: {} for modality in modalities}
    for modality in modalities:
        length = int(dataset(features.file, f"{modality}_length")[row])
        for layer in getattr(features.provenance, modality).layers:
            rows = dataset(features.file, f"{modality}/{layer}")[row]
            if not 1 <= length <= len(rows):
                yield f"{modality}_length is {length}, expected 1 to {len(rows)}"
            if not np.isfinite(rows[:length]).all():
                yield f"{modality}/{layer} has values that are not finite"
            if rows[length:].view(np.uint8).any():  # comparing bytes is many times as fast
                yield f"{modality}/{layer} has values after its {length} steps"
            by_modality[modality][layer] = rows[:length]
    facts: dict[str, Any] = {
        name: values.get(name, "")
        for name in ("id", "emotion", "speaker", "group", "transcript", "sex")
    }
    facts["emotion"] = facts["emotion"] or None
    utterance = Utterance(**facts, audio=Path(values["audio"]), language=values["language"])
    steps = len(next(iter(by_modality.get("text", {}).values()), ()))
    unread = ("",) * steps  # tokens are part of the seal, not of the digest
    if utterance_digest(utterance, Features(**by_modality, tokens=unread)) != values["digest"]:
        yield "its features, lengths or labels have changed"


def _column(file: h5py.File, name: str) -> list[str]:
    """The strings of a column, with a replacement for those that cannot be read or decoded."""
    column = texts(file, name)
    try:
        return list(column.asstr(errors="replace")[:])
    except DAMAGE:  # one damaged value would hide all others
        return [_value(column, row) for row in range(len(column))]


def _value(column: h5py.Dataset, row: int) -> str:
    try:
        return str(column.asstr(errors="replace")[row])
    except DAMAGE:
        return UNREADABLE
