"""The datasets of a features file that hold their own values.

HDF5 also knows datasets and links that lead to other files. A features file of somebody else could
use them to read files of the user, whose content would then stand among the speakers.
"""

from typing import Any

import h5py

from mdat_data.errors import InputError

WAY_OUT = "Do not use this file, or ask its authors for one that mdat-extract wrote."


def dataset(file: h5py.File, name: str) -> Any:
    """Open a dataset.

    Args:
        file: The open HDF5 file.
        name: Path of the dataset.

    Returns:
        The `h5py.Dataset`.

    Raises:
        InputError: It is missing, or leads to another place.
    """
    found = find_dataset(file, name)
    if found is None:
        raise InputError(f"{file.filename} lacks {name}. Make the file with mdat-extract.")
    return found


def find_dataset(file: h5py.File, name: str) -> Any:
    """Open a dataset that may be missing.

    Args:
        file: The open HDF5 file.
        name: Path of the dataset.

    Returns:
        The `h5py.Dataset`, or None.

    Raises:
        InputError: A link on its path leads to another place, its values are in another file, or
            it is no dataset.
    """
    found: Any = file
    for depth, part in enumerate(parts := name.split("/"), start=1):
        link = found.get(part, getlink=True) if isinstance(found, h5py.Group) else None
        if link is None:
            return None
        if type(link) is not h5py.HardLink:
            raise _refused(file, "/".join(parts[:depth]), "a link to another place")
        found = found[part]
    if not isinstance(found, h5py.Dataset):
        raise _refused(file, name, "no dataset")
    if found.external is not None:
        raise _refused(file, name, "a dataset whose values are in another file")
    if found.is_virtual:
        raise _refused(file, name, "a virtual dataset, which shows values of other datasets")
    return found


def _refused(file: h5py.File, name: str, got: str) -> InputError:
    return InputError(
        f"{file.filename}: expected {name} to be a dataset with its values inside of the file, but "
        f"it is {got}. {WAY_OUT}"
    )
