"""Reading features files."""

import json
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from caches import PROVENANCE, features, recordings

import mdat_data
from mdat_data import InputError
from mdat_data.cache import FeaturesFile, open_features
from mdat_data.cache.check import check


def stored(row: int, modality: str, layer: str) -> np.ndarray:
    return getattr(features(row), modality)[layer].astype("float16")


@pytest.mark.parametrize("row", range(5))
@pytest.mark.parametrize(("modality", "layer"), [("speech", "12"), ("text", "last")])
def test_the_written_features_are_read(path, modality, layer, row):
    with open_features(path) as file:
        expected = stored(row, modality, layer)
        np.testing.assert_array_equal(file.read(modality, layer, row), expected)
        assert file.lengths(modality)[row] == len(expected)
        np.testing.assert_array_equal(file.read(modality, layer, row, steps=1), expected[:1])


def test_datasets_are_looked_up_once(path, monkeypatch):
    with open_features(path) as file:
        file.read("speech", "last", 0)
        monkeypatch.delattr(h5py.Group, "__getitem__")
        np.testing.assert_array_equal(file.read("speech", "last", 3), stored(3, "speech", "last"))


def test_utterances_and_provenance_are_those_that_were_written(path):
    with open_features(path) as file:
        assert file.provenance == PROVENANCE
        assert [u.id for u in file.utterances] == [r.utterance.id for r in recordings()]
        assert file.utterances[3].audio == Path("wav/3.wav")
        assert file.utterances[3].transcript == "größer"
        assert file.recordings[3].sha256 == "3"
        assert file.recordings[3].fingerprint == file.recordings[3].samples_sha256 == "samples 3"
        assert file.recordings[3].duration == pytest.approx(0.3)


def test_a_file_is_a_collection_of_its_ids(path):
    with open_features(path) as file:
        assert file.ids == tuple(file) == ("0", "1", "2", "3", "4")
        assert len(file) == 5
        assert "3" in file
        assert "5" not in file and 3 not in file


@pytest.mark.parametrize("row", range(5))
def test_an_utterance_is_read_by_its_id(path, row):
    with open_features(path) as file:
        one = file[str(row)]
        assert one.utterance == file.utterances[row]
        assert one.duration == pytest.approx(row / 10)
        assert (one.speech_length, one.text_length) == (10 * (row + 1), row + 2)
        assert (tuple(one.speech), tuple(one.text)) == (("12", "last"), ("last",))
        for modality, layers in (("speech", one.speech), ("text", one.text)):
            for layer, rows in layers.items():
                np.testing.assert_array_equal(rows, stored(row, modality, layer))
        assert one.tokens == features(row).tokens
        assert "last" in one.speech and "7" not in one.speech


def test_an_utterance_reads_only_the_layer_that_is_used(path, monkeypatch):
    read = []
    monkeypatch.setattr(FeaturesFile, "read", lambda self, *place: read.append(place))
    with open_features(path) as file:
        one = file["1"]
        assert read == []
        _ = one.speech["12"]
    assert read == [("speech", "12", 1)]


def test_an_utterance_is_shown_without_its_arrays(path):
    with open_features(path) as file:
        assert "speech=<layers 12, last>, text=<layers last>)" in repr(file["1"])


def test_an_unknown_id_gives_examples_of_ids(path):
    with (
        open_features(path) as file,
        pytest.raises(InputError, match=r"toy\.h5 has no utterance 'x'.*: 0, 1, 2 and 2 more\.$"),
    ):
        file["x"]


def test_an_unknown_layer_lists_the_stored_ones(path):
    with (
        open_features(path) as file,
        pytest.raises(InputError, match="has no layer 7 .* layers are 12, last. .*-layer 7"),
    ):
        _ = file["1"].speech["7"]


def test_a_closed_file_is_not_called_damaged(path):
    with open_features(path) as file:
        one = file["1"]
    for read in (lambda: one.speech["last"], lambda: one.tokens, lambda: file.lengths("text")):
        with pytest.raises(InputError, match="toy.h5: expected an open features file"):
            read()


def test_the_door_takes_a_string_and_closes_the_file(path):
    with mdat_data.open_features(str(path)) as file:
        assert file.path == path
        assert file.file
    assert not file.file


def test_construction_touches_no_disk(tmp_path):
    file = FeaturesFile(tmp_path / "absent.h5", None, PROVENANCE)
    assert file.provenance == PROVENANCE


def test_the_table_has_a_row_for_each_utterance(path):
    pytest.importorskip("pandas")
    with open_features(path) as file:
        table = file.to_pandas()
    assert table.to_dict("list") == {
        "id": ["0", "1", "2", "3", "4"],
        "emotion": ["angry"] * 5,
        "speaker": ["s0", "s1", "s2", "s3", "s4"],
        "group": ["s0", "s1", "s2", "s3", "s4"],
        "language": ["de"] * 5,
        "transcript": ["", "", "", "größer", ""],
        "audio": ["wav/0.wav", "wav/1.wav", "wav/2.wav", "wav/3.wav", "wav/4.wav"],
        "duration": pytest.approx([0, 0.1, 0.2, 0.3, 0.4]),
        "speech_length": [10, 20, 30, 40, 50],
        "text_length": [2, 3, 4, 5, 6],
    }


def test_a_table_without_pandas_gives_the_way_out(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with open_features(path) as file, pytest.raises(InputError, match="pip install pandas"):
        file.to_pandas()


def test_a_file_without_tokens_is_read_except_for_them(path):
    with h5py.File(path, "a") as file:
        del file["text_token"]
    with open_features(path) as file:
        one = file["1"]
        assert one.text["last"].shape == (3, 4)
        with pytest.raises(InputError, match="has no tokens, .* Make it again"):
            _ = one.tokens


def test_a_file_without_checksums_of_samples_is_read(path):
    with h5py.File(path, "a") as file:
        del file["samples_sha256"], file.attrs["seal"]
    with open_features(path) as file:
        assert [(r.samples_sha256, r.fingerprint) for r in file.recordings][3] == ("", "3")
    assert check(path).faults == ()


def test_a_file_without_a_recognizer_in_its_provenance_is_read(path):
    with h5py.File(path, "a") as file:
        made = json.loads(file.attrs["text"])
        del made["recognizer"], made["recognized"]
        file.attrs["text"] = json.dumps(made)
    with open_features(path) as file:
        assert file.provenance == PROVENANCE


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match=r"absent.h5: expected a features file.*mdat-extract"):
        open_features(tmp_path / "absent.h5")


def test_a_file_without_permission_to_read_it(path, monkeypatch):
    def locked(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(h5py, "File", locked)
    with pytest.raises(InputError, match=r"got no permission to read it\. Change its permissions"):
        open_features(path)


def test_a_truncated_file(path):
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(InputError, match="cut short"):
        open_features(path)


def test_a_file_of_another_format(tmp_path):
    h5py.File(tmp_path / "other.h5", "w").close()
    with pytest.raises(InputError, match="format is not given"):
        open_features(tmp_path / "other.h5")


def test_a_file_of_another_version(path):
    with h5py.File(path, "a") as file:
        file.attrs["version"] = 2
    with pytest.raises(InputError, match="expected version 1 of the format, but got version 2"):
        open_features(path)


def test_a_file_that_lacks_a_dataset(path):
    with h5py.File(path, "a") as file:
        del file["speaker"]
    with pytest.raises(InputError, match="lacks speaker"):
        open_features(path)


def test_unknown_datasets_are_ignored(path):
    with h5py.File(path, "a") as file:
        file["novelty"] = 1
    with open_features(path) as file:
        assert len(file) == 5
