"""The words of recordings, from a table."""

from pathlib import Path

import pytest

from mdat_data import InputError
from mdat_predict.inputs.sources import Source
from mdat_predict.inputs.transcripts import with_transcripts

A, B = Source("calls/a.wav", Path("calls/a.wav")), Source("calls/b.wav", Path("calls/b.wav"))


def given(folder: Path, *rows: str) -> Path:
    path = folder / "words.tsv"
    path.write_text("\n".join(["id\ttext", *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize("id", ["calls/a.wav", "a.wav", "a"])
def test_an_id_is_a_path_or_a_name(id, tmp_path):
    found = with_transcripts([A, B], given(tmp_path, f"{id}\thallo"))
    assert [source.transcript for source in found] == ["hallo", None]


def test_an_empty_transcript_means_that_nothing_is_said(tmp_path):
    [found] = with_transcripts([A], given(tmp_path, "a\t"))
    assert found.transcript == ""


def test_ids_of_other_recordings_are_ignored(tmp_path):
    [found] = with_transcripts([A], given(tmp_path, "a\thallo", "z\tnein"))
    assert found.transcript == "hallo"


def test_a_table_without_any_of_the_recordings_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"such as calls/a\.wav, got none"):
        with_transcripts([A], given(tmp_path, "z\tnein"))


def test_a_name_of_two_recordings_is_refused(tmp_path):
    other = Source("more/a.wav", Path("more/a.wav"))
    with pytest.raises(InputError, match="got a. Where several files have the same name"):
        with_transcripts([A, other], given(tmp_path, "a\thallo"))
    found = with_transcripts([A, other], given(tmp_path, "more/a.wav\thallo"))
    assert [source.transcript for source in found] == [None, "hallo"]


def test_two_ids_of_one_recording_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"got a, a\.wav"):
        with_transcripts([A], given(tmp_path, "a\thallo", "a.wav\tnein"))
