"""The crop of a modality is a number; files of the first releases hold it in words."""

import json
from dataclasses import replace

import h5py
import pytest
from caches import PROVENANCE, recordings, store_crop_in_words, write_cache

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_data.cache.check import check
from mdat_data.cache.identity import identity
from mdat_data.cache.schema import crop_from_words, crop_in_words


@pytest.mark.parametrize(
    ("modality", "crop", "words"),
    [
        ("speech", 30.0, "30 s"),
        ("speech", 0.3, "0.3 s"),
        ("text", 512, "512 tokens"),
        ("text", None, "none"),
    ],
)
def test_words_and_numbers_are_the_same_crop(modality, crop, words):
    assert crop_in_words(modality, crop) == words
    assert crop_from_words(words) == crop


def test_a_file_stores_numbers(tmp_path):
    with h5py.File(write_cache(tmp_path / "new.h5")) as file:
        assert json.loads(file.attrs["speech"])["crop"] == 30.0
        assert json.loads(file.attrs["text"])["crop"] == 512


def test_words_are_read_as_numbers_and_the_seal_holds(tmp_path):
    path = write_cache(tmp_path / "old.h5")
    store_crop_in_words(path)
    with h5py.File(path) as file:
        assert json.loads(file.attrs["speech"])["crop"] == "30 s"
    with open_features(path) as cache:
        assert cache.provenance == PROVENANCE
    verdict = check(path)
    assert (verdict.sealed, verdict.faults) == (True, ())


def test_words_that_are_no_crop_are_damage(tmp_path):
    path = write_cache(tmp_path / "bad.h5")
    with h5py.File(path, "a") as file:
        file.attrs["speech"] = file.attrs["speech"].replace('"crop": 30.0', '"crop": "long"')
    with pytest.raises(InputError, match="bad.h5 is damaged"):
        open_features(path)


def test_batches_of_an_earlier_release_are_found_under_the_same_settings():
    text = replace(PROVENANCE.text, crop=None)
    settings = identity(replace(PROVENANCE, text=text), recordings())
    assert (settings["speech crop"], settings["text crop"]) == ('"30 s"', '"none"')
