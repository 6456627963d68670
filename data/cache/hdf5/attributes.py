"""The attributes of a features file, and whether values have the types of a record."""

import math
from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

import h5py

from mdat_data.errors import InputError

LONGEST = 2**28
"""Bytes of the longest fixed-length text that is read."""


def attribute(file: h5py.File, name: str) -> Any:
    """Read an attribute of the root.

    Args:
        file: The open HDF5 file.
        name: Name of the attribute.

    Returns:
        A text or a whole number; None where the attribute is missing.

    Raises:
        InputError: It is neither.
    """
    # Looked up one by one: HDF5 can crash when it lists the content of a damaged file.
    if name not in file.attrs:
        return None
    stored = file.attrs.get_id(name)
    text = h5py.check_string_dtype(stored.dtype)
    if (
        stored.shape != ()
        or stored.dtype.itemsize > LONGEST
        or not (text or stored.dtype.kind == "i")
    ):
        raise InputError(
            f"{file.filename}: expected the attribute {name} to be a text or a whole number, but "
            f"its shape is {stored.shape} and its type {stored.dtype}. Make the file with "
            "mdat-extract."
        )
    value = file.attrs[name]
    if not text:
        return int(value)
    # Fixed-length text is read as bytes. Text that no encoding has is an error here, not later.
    return (value if isinstance(value, bytes) else value.encode()).decode()


def conforms(value: Any, kind: Any) -> bool:
    """Return whether a value read from JSON has the type of a field of a record.

    Args:
        value: The value.
        kind: The type of the field, as its annotation gives it.

    Example:
        >>> from collections.abc import Mapping
        >>> conforms({"numpy": "2.4"}, Mapping[str, str]), conforms([1], tuple[str, ...])
        (True, False)
    """
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return True
    if origin in (Union, UnionType):
        return any(conforms(value, each) for each in inner)
    if origin is tuple:
        return isinstance(value, list | tuple) and all(conforms(v, inner[0]) for v in value)
    if origin is Mapping:
        return isinstance(value, dict)  # its values are only shown
    if kind is float:
        return type(value) in (int, float) and math.isfinite(value)
    return type(value) is kind
