"""What the attributes of a features file may hold."""

import json

import h5py
import numpy as np
import pytest

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_data.cache.check import check
from mdat_data.cache.overview import overview


def refused(path, named):
    for read in (open_features, overview, check):
        with pytest.raises(InputError, match=named) as got:
            read(path)
        str(got.value).encode()


@pytest.mark.parametrize("name", ["format", "version", "corpus", "speech", "cut", "shard"])
@pytest.mark.parametrize("value", [np.ones(3), 1.5, h5py.Empty("f4"), b"\xff\xfe", ["a", "b"]])
def test_an_attribute_is_one_text_or_whole_number(name, value, path):
    with h5py.File(path, "a") as file:
        file.attrs[name] = value
    refused(path, r"toy\.h5")


@pytest.mark.parametrize("name", ["corpus", "speech", "options"])
def test_a_reference_is_refused(name, path):
    with h5py.File(path, "a") as file:
        file.attrs[name] = file["id"].ref
    refused(path, f"expected the attribute {name} to be a text or a whole number")


def test_text_of_fixed_length_is_read(path):
    with h5py.File(path, "a") as file:
        file.attrs["corpus"] = np.bytes_("größer".encode())
    with open_features(path) as file:
        assert file.provenance.corpus == "größer"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("versions", "[]"),
        ("failures", "1"),
        ("left_out", '"x"'),
        ("options", "[1]"),
        ("cut", '"abc"'),
        ("cut", "[1]"),
        ("cut", "{}"),
        ("speech", "[]"),
        ("speech", "7"),
        ("speech", "[" * 100_000),
        ("corpus", 7),
        ("created", 7),
        ("store", "float64"),
        ("store", "object"),
        ("shard", "1/x"),
        ("shard", "1/99999999999"),
        ("version", "one"),
    ],
)
def test_values_of_another_type_are_refused(name, value, path):
    with h5py.File(path, "a") as file:
        file.attrs[name] = value
    refused(path, r"toy\.h5")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("layers", "last"),
        ("layers", [1]),
        ("layers", ["../last"]),
        ("layers", ["."]),
        ("dim", "8"),
        ("dim", -8),
        ("dim", 8.0),
        ("dim", True),
        ("crop", [30]),
        ("encoder", None),
        ("precision", 32),
        ("recognized", "5"),
        ("frames_per_second", "fast"),
        ("crop", float("nan")),
    ],
)
def test_a_modality_with_values_of_another_type_is_refused(name, value, path):
    with h5py.File(path, "a") as file:
        made = json.loads(file.attrs["speech"]) | {name: value}
        file.attrs["speech"] = json.dumps(made)
        del file.attrs["seal"]
    try:
        refused(path, r"toy\.h5")
    except pytest.fail.Exception:
        # The check lists shapes that differ, and layers that are not there.
        assert check(path).faults


@pytest.mark.parametrize("name", ["options", "versions", "failures", "cut"])
def test_half_a_character_in_the_provenance_is_refused_at_opening(name, path):
    with h5py.File(path, "a") as file:
        file.attrs[name] = '["\\ud800"]' if name == "cut" else '{"corpus": "\\ud800"}'
    refused(path, "is damaged: .*surrogates not allowed")


def test_control_characters_in_the_provenance_are_written_out(path):
    with h5py.File(path, "a") as file:
        file.attrs["options"] = '{"corpus": "\\u001b[31m\\n"}'
    assert "options: corpus \\x1b[31m\\n" in overview(path)
