"""Whether the datasets of a features file fit together, found before their values are read."""

from collections.abc import Iterator
from typing import Any

import h5py
import numpy as np

from mdat_data.cache.hdf5.datasets import dataset, find_dataset
from mdat_data.cache.schema import OPTIONAL, STRINGS, TOKENS, Provenance

SMALL = 2**26
"""Bytes that may always be allocated. Of what declares more, the file must hold as much."""

COMPRESSED = 1032
"""Bytes that a byte can stand for where another program has compressed the file (by deflate)."""


KINDS = {"O": "text", "f": "numbers", "i": "whole numbers"}
"""Kind of a type, as numpy names it -> the kind in words."""


def structure_faults(file: h5py.File, provenance: Provenance) -> Iterator[str]:
    """Compare shapes and types with each other, with the provenance and with the size of the file.

    Args:
        file: The open HDF5 file.
        provenance: What it states about itself.

    Yields:
        What does not fit: one fault for each dataset at most. A missing layer is none.
    """
    shape = dataset(file, "id").shape
    number = shape[0] if shape else 0
    if not number:
        yield "it has no utterance"
    lengths = [f"{modality}_length" for modality in provenance.modalities]
    columns = [*STRINGS, *(name for name in OPTIONAL if find_dataset(file, name) is not None)]
    kinds = {**dict.fromkeys(columns, "O"), "duration": "f", **dict.fromkeys(lengths, "i")}
    for name, kind in kinds.items():
        yield from _column_faults(file, name, kind, number)
    for modality in provenance.modalities:
        made = getattr(provenance, modality)
        for layer in made.layers:
            expected = (number, made.dim, provenance.store)
            yield from _layer_faults(file, f"{modality}/{layer}", *expected)
    yield from _token_faults(file, provenance)


def length_faults(file: h5py.File, provenance: Provenance) -> Iterator[str]:
    """Compare the lengths of the utterances with the features that are stored.

    Args:
        file: The open HDF5 file, without a fault in its structure.
        provenance: What it states about itself.

    Yields:
        What does not fit.
    """
    seconds = dataset(file, "duration")[:]
    if not (np.isfinite(seconds) & (seconds >= 0)).all():
        yield "duration: expected seconds of at least 0"
    for modality in provenance.modalities:
        lengths = dataset(file, f"{modality}_length")[:].astype(np.int64)
        for layer in getattr(provenance, modality).layers:
            name = f"{modality}/{layer}"
            if (rows := find_dataset(file, name)) is None:
                continue
            if lengths.min() < 1 or lengths.max() > rows.shape[1]:
                yield (
                    f"{modality}_length: expected 1 to {rows.shape[1]} steps, as {name} has, but "
                    f"got {lengths.min()} to {lengths.max()}"
                )
            elif _too_large(rows, int(lengths.sum()) * rows.shape[2], rows.id.get_storage_size()):
                yield f"{name}: expected {lengths.sum()} steps of features, but it holds fewer"


def _column_faults(file: h5py.File, name: str, kind: str, number: int) -> Iterator[str]:
    column = dataset(file, name)
    if column.shape != (number,):
        yield f"{name}: expected {number} values, but its shape is {column.shape}"
    elif not _is(column, kind):
        yield f"{name}: expected {KINDS[kind]}, but its type is {column.dtype}"
    elif _too_large(column, number, file.id.get_filesize()):
        yield f"{name}: expected values in the file, but it only declares {number}"


def _layer_faults(file: h5py.File, name: str, number: int, dim: int, store: str) -> Iterator[str]:
    if (rows := find_dataset(file, name)) is None:
        return
    if (rows.shape, rows.dtype) != ((number, *rows.shape[1:2], dim), np.dtype(store)):
        yield (
            f"{name}: expected ({number}, steps, {dim}) {store}, but it is {rows.shape} "
            f"{rows.dtype}"
        )
    elif _too_large(rows, rows.shape[1] * dim, file.id.get_filesize()):
        yield f"{name}: expected steps in the file, but it only declares {rows.shape[1]}"


def _token_faults(file: h5py.File, provenance: Provenance) -> Iterator[str]:
    tokens = find_dataset(file, TOKENS)
    layers = provenance.text.layers if provenance.text else ()
    for layer in layers[: 0 if tokens is None else 1]:
        if (rows := find_dataset(file, f"text/{layer}")) is None:
            continue
        if tokens.shape != rows.shape[:2]:
            yield f"{TOKENS}: expected {rows.shape[:2]}, but its shape is {tokens.shape}"
        elif not _is(tokens, "O"):
            yield f"{TOKENS}: expected {KINDS['O']}, but its type is {tokens.dtype}"
        elif _too_large(tokens, tokens.shape[1], file.id.get_filesize()):
            yield f"{TOKENS}: expected tokens in the file, but it only declares {tokens.shape}"


def _is(column: Any, kind: str) -> bool:
    """Whether a dataset has text of any length, or numbers."""
    if kind == "O":
        text = h5py.check_string_dtype(column.dtype)
        return text is not None and column.dtype.itemsize <= SMALL
    return bool(column.dtype.kind == kind and column.dtype.itemsize <= 8)


def _too_large(rows: Any, values: int, held: int) -> bool:
    """Whether a number of values takes more bytes than there can be in those that are held."""
    compressed = rows.id.get_create_plist().get_nfilters()
    most = max(SMALL, held * (COMPRESSED if compressed else 1))
    return bool(values * rows.dtype.itemsize > most)
