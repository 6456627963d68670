"""Utterances without an emotion: stored as an empty one, read as None."""

from dataclasses import replace
from pathlib import Path

import h5py
import pytest
from caches import recordings, write_cache

from mdat_data.cache import Recording, open_features
from mdat_data.cache.check import check
from mdat_data.cache.overview import overview


@pytest.fixture
def half() -> list[Recording]:
    """Every second recording has no emotion."""
    return [
        replace(each, utterance=replace(each.utterance, emotion=None)) if row % 2 else each
        for row, each in enumerate(recordings())
    ]


def test_it_is_stored_as_an_empty_emotion_and_read_as_none(
    half: list[Recording], tmp_path: Path
) -> None:
    path = write_cache(tmp_path / "toy.h5", recordings=half)
    with h5py.File(path) as file:
        assert file["emotion"].asstr()[:].tolist() == ["angry", "", "angry", "", "angry"]
    with open_features(path) as file:
        assert [u.emotion for u in file.utterances] == ["angry", None, "angry", None, "angry"]
        assert file.to_pandas().emotion.isna().tolist() == [False, True, False, True, False]
    assert check(path).faults == ()


def test_it_is_counted(half: list[Recording], tmp_path: Path) -> None:
    path = write_cache(tmp_path / "toy.h5", recordings=half)
    assert "  emotions: angry 3, unlabelled 2" in overview(path).splitlines()


def test_a_label_that_is_added_to_the_file_is_found(half: list[Recording], tmp_path: Path) -> None:
    path = write_cache(tmp_path / "toy.h5", recordings=half)
    with h5py.File(path, "a") as file:
        file["emotion"][1] = "angry"
    assert [fault for fault in check(path).faults if "utterance 1 " in fault]
