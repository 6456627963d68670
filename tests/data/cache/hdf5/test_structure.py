"""Sizes, types and lengths that a file declares are compared before anything is allocated."""

import tracemalloc

import h5py
import numpy as np
import pytest

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_data.cache.check import check
from mdat_data.cache.overview import overview

READERS = (open_features, overview)
NAMES = ("id", "speaker", "group", "emotion", "language", "transcript", "audio", "audio_sha256")
NAMES += ("samples_sha256",)
LENGTHS = ("speech_length", "text_length")


def replace(path, name, **made):
    with h5py.File(path, "a") as file:
        if name in file:
            del file[name]
        file.create_dataset(name, **made)


def refused(path, named):
    """Every reader refuses the file, and none allocates much."""
    tracemalloc.start()
    try:
        for read in READERS:
            with pytest.raises(InputError, match=f"toy.h5 is damaged, or another .*{named}"):
                read(path)
        assert any(fault for fault in check(path).faults)
        assert tracemalloc.get_traced_memory()[1] < 2**26
    finally:
        tracemalloc.stop()


NO_TEXT = ("i4", "f8", h5py.ref_dtype, h5py.regionref_dtype, h5py.vlen_dtype("i4"), "S0")
# Each type in a column that every file has and in one that a file may have, each column once.
ALL_TYPES = [(name, dtype) for name in ("id", "samples_sha256") for dtype in NO_TEXT]
ALL_NAMES = [(name, "i4") for name in (*NAMES, "digest")]


@pytest.mark.parametrize(("name", "dtype"), list(dict.fromkeys(ALL_TYPES + ALL_NAMES)))
def test_what_is_no_text_is_refused(name, dtype, path):
    if dtype == "S0":
        with h5py.File(path, "a") as file:
            del file[name]
            file[name] = h5py.Empty("S5")
        named = rf"{name}: expected . values, but its shape is None|has no utterance"
    else:
        replace(path, name, shape=(5,), dtype=dtype)
        named = f"{name}: expected text, but its type is"
    refused(path, f"(?s:.*)({named})")


@pytest.mark.parametrize("name", [*LENGTHS, "duration"])
@pytest.mark.parametrize("dtype", [h5py.string_dtype(), h5py.ref_dtype, "S5", "c16", "V8"])
def test_what_is_no_number_is_refused(name, dtype, path):
    replace(path, name, shape=(5,), dtype=dtype)
    refused(path, f"(?s:.*){name}: expected (whole )?numbers, but its type is")


@pytest.mark.parametrize("dtype", ["i2", h5py.string_dtype(), h5py.ref_dtype])
def test_features_of_another_type_are_refused(dtype, path):
    replace(path, "speech/last", shape=(5, 50, 8), dtype=dtype)
    refused(path, r"(?s:.*)speech/last: expected \(5, steps, 8\) float16, but it is")


@pytest.mark.parametrize("name", [*NAMES, "digest", *LENGTHS, "duration"])
def test_columns_of_another_length_are_refused(name, path):
    dtype = h5py.string_dtype() if name in (*NAMES, "digest") else "i4"
    replace(path, name, shape=(6,), dtype="f4" if name == "duration" else dtype)
    refused(path, "(?s:.*)expected . values, but its shape is")


def test_a_number_of_utterances_that_is_only_declared_allocates_nothing(path):
    number = 2**40
    text = {"shape": (number,), "dtype": h5py.string_dtype(), "chunks": (1000,)}
    for name in (*NAMES, "digest"):
        replace(path, name, **text)
    for name in LENGTHS:
        replace(path, name, shape=(number,), dtype="i4", chunks=(1000,), fillvalue=1)
    replace(path, "duration", shape=(number,), dtype="f4", chunks=(1000,))
    for name, dim in (("speech/last", 8), ("speech/12", 8), ("text/last", 4)):
        replace(path, name, shape=(number, 1, dim), dtype="f2", chunks=(1, 1, dim))
    replace(path, "text_token", shape=(number, 1), dtype=h5py.string_dtype(), chunks=(1, 1))
    refused(path, f"(?s:.*)id: expected values in the file, but it only declares {number}")


@pytest.mark.parametrize("length", [-1, 0, 51, 2**31 - 1])
def test_lengths_that_the_features_do_not_have_are_refused(length, path):
    with h5py.File(path, "a") as file:
        file["speech_length"][2] = length
    refused(path, "(?s:.*)speech_length: expected 1 to 50 steps, as speech/12 has, but got")


def test_steps_that_are_only_declared_are_refused(path):
    for name in ("speech/12", "speech/last"):
        replace(path, name, shape=(5, 2**31 - 1, 8), dtype="f2", chunks=(1, 16, 8))
    with h5py.File(path, "a") as file:
        file["speech_length"][:] = 2**31 - 1
    refused(path, "(?s:.*)speech/12: expected steps in the file, but it only declares")


def test_features_that_were_never_written_are_refused(path):
    for name in ("speech/12", "speech/last"):
        replace(path, name, shape=(5, 2**20, 8), dtype="f2", chunks=(1, 16, 8))
    with h5py.File(path, "a") as file:
        file["speech_length"][:] = 2**20
    for read in READERS:
        with pytest.raises(InputError, match=r"speech/12: expected 5242880 steps of features"):
            read(path)


@pytest.mark.parametrize("seconds", [np.nan, np.inf, -1.0])
def test_durations_are_seconds(seconds, path):
    with h5py.File(path, "a") as file:
        file["duration"][1] = seconds
    with pytest.raises(InputError, match="duration: expected seconds of at least 0"):
        open_features(path)


def test_no_utterance_is_refused(path):
    with h5py.File(path, "a") as file:
        for name in (*NAMES, "digest", *LENGTHS, "duration"):
            kept = file[name][:0]
            dtype = file[name].dtype
            del file[name]
            file.create_dataset(name, data=kept, dtype=dtype)
    refused(path, "(?s:.*)it has no utterance")


def test_a_compressed_file_is_read(path):
    with h5py.File(path, "a") as file:
        for name in ("speech/12", "speech/last", "text/last", "speech_length"):
            values = file[name][:]
            del file[name]
            file.create_dataset(name, data=values, compression="gzip")
    with open_features(path) as file:
        assert file.features(4).speech["last"].shape == (50, 8)
    assert check(path).faults == ()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_features_that_are_not_finite_are_refused_where_they_are_read(value, path):
    with h5py.File(path, "a") as file:
        file["speech/last"][2, 3, 1] = value
    with open_features(path) as file:
        assert np.isfinite(file["2"].speech["12"]).all()
        with pytest.raises(InputError, match=r"toy\.h5: .* speech/last of utterance 2 has others"):
            _ = file["2"].speech["last"]
