"""The recordings that a user names."""

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from mdat_data import InputError
from mdat_predict.inputs.sources import sources


def test_a_folder_gives_its_recordings_in_order(tmp_path):
    for name in ("b/2.wav", "a.FLAC", "b/1.mp3", "notes.txt", "b/c/3.m4a"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    with sources([tmp_path]) as found:
        names = [source.path.relative_to(tmp_path).as_posix() for source in found]
        assert names == ["a.FLAC", "b/1.mp3", "b/2.wav", "b/c/3.m4a"]
        assert [source.name for source in found] == [str(source.path) for source in found]


def test_a_file_is_a_recording_whatever_its_name(tmp_path):
    (tmp_path / "x.dat").touch()
    with sources([tmp_path / "x.dat"]) as [found]:
        assert (found.path, found.utterance, found.transcript) == (tmp_path / "x.dat", None, None)


def test_a_manifest_brings_words_and_names(tmp_path):
    (tmp_path / "a.wav").touch()
    rows = "id,audio,speaker,transcript,language\nu1,a.wav,s,hallo,de\nu2,a.wav,s,,de\n"
    (tmp_path / "own.csv").write_text(rows)
    with sources([tmp_path / "own.csv"]) as [first, second]:
        assert (first.name, first.transcript, first.utterance.language) == ("u1", "hallo", "de")
        assert second.transcript is None


def test_standard_input_lasts_as_long_as_it_is_used(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"RIFF")))
    with sources(["-"]) as [found]:
        assert found.name == "-"
        assert found.path.read_bytes() == b"RIFF"
    assert not found.path.exists()


def test_several_inputs_keep_their_order(tmp_path):
    for name in ("z.wav", "a.wav"):
        (tmp_path / name).touch()
    with sources([tmp_path / "z.wav", str(tmp_path / "a.wav")]) as found:
        assert [source.path.name for source in found] == ["z.wav", "a.wav"]


@pytest.mark.parametrize("inside", [True, False])
def test_a_name_that_is_not_in_utf_8_is_refused(inside, tmp_path):
    path = tmp_path / os.fsdecode(b"\xff.wav")
    try:
        path.touch()
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such names")
    given = tmp_path if inside else path
    with pytest.raises(InputError, match=r"in UTF-8, got .*udcff\.wav'\. Re"), sources([given]):
        pass


@pytest.mark.parametrize("name", ["missing.wav", "missing/"])
def test_what_does_not_exist_is_refused(name, tmp_path):
    with pytest.raises(InputError, match="which does not exist"), sources([tmp_path / name]):
        pass


def test_a_folder_without_recordings_is_refused(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(InputError, match="expected recordings in"), sources([Path(tmp_path)]):
        pass
