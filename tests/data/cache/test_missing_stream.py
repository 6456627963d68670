"""A stream that was not encoded has neither group nor length in the file."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from caches import PROVENANCE, features, write_cache

from mdat_data import InputError
from mdat_data.cache import MODALITIES, open_features
from mdat_data.cache.check import check
from mdat_data.cache.merge import merge
from mdat_data.cache.overview import overview

OTHER = {"speech": "text", "text": "speech"}


@pytest.fixture(params=MODALITIES)
def missing(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def path(missing: str, tmp_path: Path) -> Path:
    return write_cache(tmp_path / "toy.h5", provenance=replace(PROVENANCE, **{missing: None}))


def test_the_file_has_only_the_other_stream(path: Path, missing: str) -> None:
    with h5py.File(path) as file:
        there = [name for name in file if name.startswith((missing, OTHER[missing]))]
        assert file.attrs[missing] == "null"
    tokens = ["text_token"] * (missing == "speech")
    assert sorted(there) == sorted([OTHER[missing], f"{OTHER[missing]}_length", *tokens])


def test_it_is_read_with_nothing_for_the_missing_stream(path: Path, missing: str) -> None:
    with open_features(path) as file:
        assert file.provenance.modalities == (OTHER[missing],)
        one, read = file["3"], file.features(3)
        assert (len(getattr(one, missing)), getattr(one, f"{missing}_length")) == (0, 0)
        assert len(one.tokens) == (0 if missing == "text" else one.text_length)
        expected = getattr(features(3), OTHER[missing])["last"].astype("float16")
        np.testing.assert_array_equal(getattr(read, OTHER[missing])["last"], expected)
        with pytest.raises(InputError, match=f"no {missing} features: .* --{missing}-encoder none"):
            file.lengths(missing)
        with pytest.raises(InputError, match=f"no {missing} features"):
            file.read(missing, "last", 0)
        assert f"{missing}_length" not in file.to_pandas()
        assert f"{OTHER[missing]}_length" in file.to_pandas()


def test_it_is_sound_and_its_overview_says_what_is_missing(path: Path, missing: str) -> None:
    assert check(path).faults == ()
    assert f"  {missing}: not encoded" in overview(path).splitlines()


def test_a_change_is_found(path: Path, missing: str) -> None:
    with h5py.File(path, "a") as file:
        file[f"{OTHER[missing]}/last"][1, 0, 0] = 7
    assert [fault for fault in check(path).faults if "utterance 1" in fault]


def test_shards_are_merged(missing: str, tmp_path: Path) -> None:
    from caches import recordings

    from mdat_data.cache import census

    made = replace(PROVENANCE, **{missing: None}, shard_of=census(recordings(), transcripts=False))
    whole = write_cache(tmp_path / "whole.h5", provenance=replace(made, shard_of=""))
    shards = [
        write_cache(
            tmp_path / f"{k}.h5",
            recordings=recordings()[k - 1 :: 2],
            provenance=replace(made, shard=f"{k}/2"),
            plan=[range(len(recordings()[k - 1 :: 2]))],
        )
        for k in (1, 2)
    ]
    assert merge(shards, tmp_path / "merged.h5") == 5
    assert check(tmp_path / "merged.h5").faults == ()
    with open_features(tmp_path / "merged.h5") as merged, open_features(whole) as file:
        assert merged.ids == file.ids


def test_a_file_without_any_stream_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="expected speech or text to be encoded"):
        replace(PROVENANCE, speech=None, text=None)
    with h5py.File(path, "a") as file:
        file.attrs["speech"] = file.attrs["text"] = "null"
    with pytest.raises(InputError, match=r"toy\.h5.*expected speech or text to be encoded"):
        open_features(path)


def test_a_file_that_lacks_the_length_of_a_stream_that_was_encoded_is_refused(
    path: Path, missing: str
) -> None:
    with h5py.File(path, "a") as file:
        del file[f"{OTHER[missing]}_length"]
    with pytest.raises(InputError, match=f"lacks {OTHER[missing]}_length"):
        open_features(path)


def test_the_same_utterances_with_another_stream_are_another_file(path: Path, missing: str) -> None:
    with pytest.raises(InputError, match=f"{missing} encoder: none there, .* here"):
        write_cache(path)
