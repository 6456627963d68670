"""A features file of somebody else reads no other file, and no other place of its own."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_data.cache.check import check
from mdat_data.cache.hdf5.datasets import dataset, find_dataset
from mdat_data.cache.merge import merge
from mdat_data.cache.overview import overview

DATASETS = (
    *("id", "speaker", "group", "emotion", "language", "transcript", "audio", "audio_sha256"),
    *("digest", "duration", "speech_length", "text_length", "speech/last", "text/last"),
    *("text_token", "samples_sha256"),
)
READERS = {
    "open": lambda path: open_features(path).features(0),
    "info": overview,
    "check": check,
    "merge": lambda path: merge([path], path.with_name("merged.h5")),
}


def external_storage(file, name):
    old = file[name]
    secret = file.filename + ".secret"
    Path(secret).write_bytes(b"secret words\n" * 1000)
    shape, dtype = old.shape, old.dtype
    del file[name]
    size = int(np.prod(shape)) * dtype.itemsize
    if h5py.check_string_dtype(dtype):
        dtype, size = np.dtype("S13"), 13 * int(np.prod(shape))
    file.create_dataset(name, shape, dtype, external=[(secret, 0, size)])


def external_link(file, name):
    with h5py.File(file.filename + ".other", "w") as other:
        file.copy(name, other, "x")
    del file[name]
    file[name] = h5py.ExternalLink(file.filename + ".other", "/x")


def soft_link(file, name):
    file.move(name, "elsewhere")
    file[name] = h5py.SoftLink("/elsewhere")


def virtual(file, name):
    old = file[name]
    layout = h5py.VirtualLayout(old.shape, old.dtype)
    layout[...] = h5py.VirtualSource(file.filename + ".other", "x", old.shape, old.dtype)
    del file[name]
    file.create_virtual_dataset(name, layout)


def group(file, name):
    del file[name]
    file.create_group(name)


PLACES = {
    external_storage: "a dataset whose values are in another file",
    external_link: "a link to another place",
    soft_link: "a link to another place",
    virtual: "a virtual dataset",
    group: "no dataset",
}


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_values_of_another_place_are_refused_by_every_reader(place, name, path):
    with h5py.File(path, "a") as file:
        place(file, name)
    for read in READERS.values():
        with pytest.raises(InputError, match=f"expected {name} to be .* but it is {PLACES[place]}"):
            read(path)


@pytest.mark.parametrize("link", [external_link, soft_link])
def test_a_link_above_a_dataset_is_refused(link, path):
    with h5py.File(path, "a") as file:
        link(file, "speech")
    for read in READERS.values():
        with pytest.raises(
            InputError, match="expected speech to be a dataset .* a link to another"
        ):
            read(path)


def test_a_missing_dataset_is_none_or_refused(path):
    with h5py.File(path) as file:
        assert find_dataset(file, "speech/7") is None
        assert find_dataset(file, "id/7") is None
        assert find_dataset(file, "nothing/7") is None
        with pytest.raises(InputError, match=r"toy\.h5 lacks speech/7"):
            dataset(file, "speech/7")
