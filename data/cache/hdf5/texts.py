"""Texts of variable length, read only where the file can hold them.

HDF5 allocates what the descriptor of a text declares, up to 4 GiB, before it looks whether the text
is there. Therefore the descriptors are read first, as the bytes that they are.
"""

from pathlib import Path
from typing import Any

import h5py
import numpy as np

from mdat_data.cache.hdf5.datasets import dataset
from mdat_data.errors import InputError


def texts(file: h5py.File, name: str) -> Any:
    """Open a dataset of texts that may be read.

    Args:
        file: The HDF5 file, open for reading. What is being written is not checked.
        name: Path of the dataset.

    Returns:
        The `h5py.Dataset`.

    Raises:
        InputError: It is missing or leads to another place, its texts are declared longer than the
            file, or they are stored as mdat-extract never does.
    """
    column = dataset(file, name)
    of_any_length = h5py.check_string_dtype(column.dtype).length is None
    if file.mode == "r" and of_any_length and _declared(file, column) > file.id.get_filesize():
        raise InputError(
            f"{file.filename} is damaged: the texts of {name} are declared longer than the file. "
            "Restore it from a copy, or make it again with mdat-extract."
        )
    return column


def _declared(file: h5py.File, column: Any) -> int:
    """The bytes that all texts together have by their descriptors."""
    size_of_address, _ = file.id.get_create_plist().get_sizes()
    width = 8 + size_of_address  # of a descriptor, which begins with the length
    total = 0
    with Path(file.filename).open("rb") as raw:
        for place, size in _pieces(file, column):
            raw.seek(place)
            descriptors = np.frombuffer(raw.read(size // width * width), "<u4")
            total += int(descriptors[:: width // 4].sum(dtype=np.int64))
    return total


def _pieces(file: h5py.File, column: Any) -> list[tuple[int, int]]:
    """Place and size in bytes of the descriptors. What was never written has none."""
    pieces = []
    if column.chunks is None:
        pieces = [(column.id.get_offset(), column.id.get_storage_size())]
    else:
        column.id.chunk_iter(lambda chunk: pieces.append((chunk.byte_offset, chunk.size)))
    packed = column.id.get_create_plist().get_nfilters()
    if packed or any(size and place is None for place, size in pieces):
        raise InputError(
            f"{file.filename}: expected texts as mdat-extract stores them, but another program has "
            f"packed those of {column.name[1:]}. Undo it with: h5repack -f NONE -l CONTI"
        )
    return [(place, size) for place, size in pieces if size]
