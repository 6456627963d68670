from pathlib import Path

import pytest

from mdat_data.corpus import FOREIGN
from mdat_data.readers.file_names import AUDIO, COPY, read_file_names


def read(root: Path, pattern: str = r"(?P<speaker>s\d)_(?P<label>\d+)"):
    """The utterances of a folder and what is left out, by reason."""
    reading = read_file_names(
        root,
        pattern,
        {"1": "angry", "2": "happy", "13": "sad"},
        "de",
        lambda utterance, name: "number 13" if name["label"] == "13" else utterance,
    )
    utterances = []
    while True:
        try:
            utterances.append(next(reading))
        except StopIteration as end:
            return utterances, dict(end.value)


def touch(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()


@pytest.mark.parametrize("end", [*sorted(AUDIO), ".WAV", ".Flac"])
def test_a_recording_may_be_in_any_format(tmp_path, end):
    touch(tmp_path, f"s1_1{end}")
    [utterance], left_out = read(tmp_path)
    assert (utterance.id, utterance.audio.name, left_out) == ("s1_1", f"s1_1{end}", {})


def test_what_is_no_recording_is_not_counted(tmp_path):
    touch(tmp_path, "s1_1.wav", "s1_1.txt", "README", "s1_1.wav.md5", ".DS_Store")
    (tmp_path / "s2_1.wav").mkdir()
    utterances, left_out = read(tmp_path)
    assert ([u.id for u in utterances], left_out) == (["s1_1"], {})


def test_folders_above_are_free_and_the_order_is_that_of_the_ids(tmp_path):
    touch(tmp_path, "z/s1_1.wav", "a/b/s2_1.wav", "s1_2.wav")
    utterances, _ = read(tmp_path)
    assert [u.id for u in utterances] == ["s1_1", "s1_2", "s2_1"]


def test_what_is_left_out_is_counted_by_reason(tmp_path):
    touch(tmp_path, "s1_1.wav", "s1_13.wav", "song.wav", "xs1_1.wav", "__MACOSX/._s1_1.wav")
    touch(tmp_path, "copy/s1_1.wav", "copy/s1_1.mp3")
    utterances, left_out = read(tmp_path)
    assert [u.id for u in utterances] == ["s1_1"]
    assert left_out == {"number 13": 1, FOREIGN: 3, COPY: 2}


def test_of_copies_the_first_path_is_read(tmp_path):
    touch(tmp_path, "b/s1_1.wav", "a/s1_1.wav")
    [utterance], left_out = read(tmp_path)
    assert (utterance.audio, left_out) == (tmp_path / "a/s1_1.wav", {COPY: 1})


def test_a_pattern_may_name_a_folder(tmp_path):
    touch(tmp_path, "all/s1/1.wav", "other/1.wav")
    utterances, left_out = read(tmp_path, r"(?P<speaker>s\d)/(?P<label>\d)")
    assert ([u.speaker for u in utterances], left_out) == (["s1"], {FOREIGN: 1})


def test_the_groups_of_a_pattern_fill_the_fields(tmp_path):
    touch(tmp_path, "Fx_1_ciao.wav")
    [utterance], _ = read(tmp_path, r"(?P<group>(?P<sex>F)x)_(?P<label>\d)_(?P<transcript>\w+)")
    assert (utterance.emotion, utterance.language) == ("angry", "de")
    assert (utterance.speaker, utterance.group, utterance.sex) == ("Fx", "Fx", "female")
    assert utterance.transcript == "ciao"


@pytest.mark.parametrize("folder", ["Ore\u0301au", "Or\u00e9au"])
def test_an_accent_may_be_composed_or_not(tmp_path, folder):
    touch(tmp_path, f"{folder}/s1_1.wav")
    [utterance], _ = read(tmp_path, r"Oréau/(?P<speaker>s\d)_(?P<label>\d)")
    assert utterance.audio.is_file()


def test_a_folder_that_is_missing_has_no_recordings(tmp_path):
    assert read(tmp_path / "absent") == ([], {})
