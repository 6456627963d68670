"""A file that has changed since it was written is detected."""

import random
from dataclasses import replace

import h5py
import numpy as np
import pytest
from caches import PROVENANCE, recordings, write_cache

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_data.cache.check import check


def everything(path):
    """Everything that can be read from a file."""
    with open_features(path) as file:
        rows = [file.features(row) for row in range(len(file.utterances))]
        return (
            (file.provenance, file.recordings, file.digests),
            [x.tobytes() for f in rows for m in (f.speech, f.text) for x in m.values()],
            [f.tokens for f in rows],
        )


def flip(path, offset, bit=0):
    content = bytearray(path.read_bytes())
    content[offset] ^= 1 << bit
    path.write_bytes(content)


def test_an_unchanged_file_has_no_faults(path):
    verdict = check(path)
    assert (verdict.utterances, verdict.sealed, verdict.faults) == (5, True, ())
    with open_features(path) as file:
        assert verdict.digest == file.digest


@pytest.mark.parametrize("seed", range(60))
def test_a_flipped_bit_anywhere_is_detected_or_has_no_effect(path, seed):
    before, rng = everything(path), random.Random(seed)
    flip(path, rng.randrange(path.stat().st_size), rng.randrange(8))
    try:
        faults = check(path).faults
    except InputError:
        return
    assert faults or everything(path) == before


@pytest.mark.parametrize("bit", range(16))
def test_a_flipped_bit_in_the_features_names_the_utterance(path, bit):
    with h5py.File(path) as file:
        chunk = file["speech/12"].id.get_chunk_info(3)
        (row, *_) = chunk.chunk_offset
    flip(path, chunk.byte_offset + bit // 8, bit % 8)
    (fault,) = check(path).faults
    assert fault.startswith(f"utterance {row} (row {row}): ")
    assert fault.endswith("its features, lengths or labels have changed")


@pytest.mark.parametrize("column", ["emotion", "speaker", "group", "transcript"])
def test_a_changed_label_names_the_utterance(path, column):
    with h5py.File(path, "a") as file:
        file[column][3] = "sad"
    label, seal = sorted(check(path).faults, reverse=True)
    assert label.startswith("utterance 3 (row 3): its features, lengths or labels")
    assert seal.startswith("the provenance, the tokens or a column")


@pytest.mark.parametrize(
    "column", ["language", "audio", "audio_sha256", "samples_sha256", "duration"]
)
def test_a_change_that_is_not_part_of_a_digest_breaks_the_seal(path, column):
    with h5py.File(path, "a") as file:
        file[column][3] = 7 if column == "duration" else "7"
    (fault,) = check(path).faults
    assert fault.startswith("the provenance, the tokens or a column")


def test_a_changed_token_breaks_the_seal(path):
    change(path, "text_token", (2, 1), "other")
    (fault,) = check(path).faults
    assert fault.startswith("the provenance, the tokens or a column")


def test_a_file_without_tokens_has_no_faults(path):
    with h5py.File(path, "a") as file:
        del file["text_token"], file.attrs["seal"]
    assert check(path).faults == ()


@pytest.mark.parametrize("name", ["corpus", "created", "versions", "speech", "cut"])
def test_a_changed_provenance_breaks_the_seal(path, name):
    with h5py.File(path, "a") as file:
        file.attrs[name] = file.attrs[name].replace("{", '{"": 1, ', 1) + " "
    try:
        (fault,) = check(path).faults
    except InputError as error:  # an encoder has no field of that name
        fault = str(error)
        assert name == "speech" and "is damaged" in fault
    else:
        assert fault.startswith("the provenance, the tokens or a column")


def test_a_label_that_cannot_be_decoded_names_the_utterance(path):
    content = path.read_bytes()
    assert content.count("größer".encode()) == 1
    flip(path, content.index("größer".encode()), 7)
    assert [fault for fault in check(path).faults if fault.startswith("utterance 3 (row 3)")]
    with open_features(path) as file, pytest.raises(InputError, match="is damaged.*make it again"):
        _ = file.recordings


def change(path, name, where, value):
    with h5py.File(path, "a") as file:
        file[name][where] = value


@pytest.mark.parametrize(
    ("name", "where", "value", "fault"),
    [
        ("speech_length", 1, 0, "speech_length is 0, expected 1 to 50"),
        ("text_length", 1, 9, "text_length is 9, expected 1 to 6"),
        ("speech/12", (1, 0, 0), np.nan, "speech/12 has values that are not finite"),
        ("speech/last", (1, 49, 0), 1, "speech/last has values after its 20 steps"),
    ],
)
def test_the_fault_of_an_utterance_is_described(path, name, where, value, fault):
    change(path, name, where, value)
    (found,) = check(path).faults
    assert found.startswith("utterance 1 (row 1): ")
    assert fault in found


def test_a_repeated_id_is_a_fault(tmp_path):
    twice = recordings()
    twice[4] = replace(twice[4], utterance=replace(twice[4].utterance, id="3"))
    path = write_cache(tmp_path / "toy.h5", recordings=twice)
    assert check(path).faults == ("utterance 3: expected one of this id, but there are 2",)
    with open_features(path) as file, pytest.raises(InputError, match="3 are there several times"):
        _ = file.recordings


def test_utterances_out_of_order_are_a_fault(tmp_path):
    path = write_cache(tmp_path / "toy.h5", recordings=recordings()[::-1])
    assert check(path).faults == ("the utterances are not in the order of their ids",)


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("speech/12", None, "expected speech/12, which is in the provenance, but it is missing"),
        ("speech/12", np.ones((5, 9, 7), "f2"), r"expected (5, steps, 8) float16, but it is (5, 9"),
        ("speech/12", np.ones((5, 9, 8), "f4"), "float16, but it is (5, 9, 8) float32"),
        ("speech/12", np.ones(3, "f2"), "but it is (3,) float16"),
        ("duration", np.ones(4), "duration: expected 5 values, but its shape is (4,)"),
        ("speech_length", np.ones(6), "speech_length: expected 5 values"),
        ("text_token", np.ones((5, 7)), "text_token: expected (5, 6), but its shape is (5, 7)"),
    ],
)
def test_a_structure_that_does_not_fit_is_described(path, name, data, fault):
    with h5py.File(path, "a") as file:
        del file[name]
        if data is not None:
            file[name] = data
    (found,) = check(path).faults
    assert fault in found


def test_a_file_of_the_first_release_has_no_seal_and_is_read(path):
    with h5py.File(path, "a") as file:
        for name in ("seal", "options", "shard", "shard_of"):
            del file.attrs[name]
    verdict = check(path)
    assert (verdict.sealed, verdict.faults) == (False, ())
    with open_features(path) as file:
        assert file.provenance == PROVENANCE


@pytest.mark.parametrize("size", [0, 100, 20_000])
def test_a_file_that_was_cut_short_is_an_input_error(path, size):
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(InputError, match="cut short"):
        check(path)
