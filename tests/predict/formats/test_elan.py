"""Files of ELAN are read by pympi as they were meant."""

from pathlib import Path

import pytest
from pympi import Eaf
from toy_predictions import CLASSES, HOSTILE, QUIET, WINDOWS

from mdat_predict.formats import write
from mdat_predict.prediction import Prediction, Segment


def file_of(of: Prediction, folder: Path, *, reject: float = 0.0) -> Eaf:
    out = folder / "of.eaf"
    write("elan", [of], out, reject=reject)
    return Eaf(str(out))


def test_annotations_have_times_and_emotions(tmp_path):
    file = file_of(HOSTILE, tmp_path)
    assert list(file.get_tier_names()) == ["emotion", "probabilities", "transcript"]
    assert file.get_annotation_data_for_tier("emotion") == [
        (500, 2000, CLASSES[0]),
        (2000, 3125, CLASSES[2]),
        (5000, 7250, CLASSES[1]),
    ]


def test_probabilities_and_transcripts_depend_on_the_emotions(tmp_path):
    file = file_of(HOSTILE, tmp_path)
    for tier in ("probabilities", "transcript"):
        parameters = file.get_parameters_for_tier(tier)
        assert parameters["PARENT_REF"] == "emotion"
        kind = file.get_parameters_for_linguistic_type(parameters["LINGUISTIC_TYPE_REF"])
        assert kind["CONSTRAINTS"] == "Symbolic_Association"
    said = {text: emotion for *_, text, emotion in file.get_annotation_data_for_tier("transcript")}
    assert said['Er sagte: "Nö <&>".'] == CLASSES[0]
    assert said["NA"] == CLASSES[1]


def test_segments_that_overlap_are_divided_among_tiers(tmp_path):
    file = file_of(WINDOWS, tmp_path, reject=0.7)
    assert [
        list(map(tuple, file.get_annotation_data_for_tier(n))) for n in ("emotion", "emotion 2")
    ] == [
        [(0, 2000, "calm"), (2000, 4000, "uncertain")],
        [(1000, 3000, "calm")],
    ]
    assert file.get_parameters_for_tier("probabilities 2")["PARENT_REF"] == "emotion 2"


def test_a_recording_without_speech_has_an_empty_tier(tmp_path):
    assert file_of(QUIET, tmp_path).get_annotation_data_for_tier("emotion") == []


def test_a_recording_that_is_a_file_is_linked(tmp_path):
    recording = tmp_path / "Ge spräch <&>.wav"
    recording.touch()
    [medium] = file_of(Prediction(str(recording), 1.0, CLASSES, ()), tmp_path).get_linked_files()
    assert medium["MEDIA_URL"] == f"file://{recording}"
    assert medium["MIME_TYPE"] == "audio/x-wav"
    assert file_of(Prediction("-", 1.0, CLASSES, ()), tmp_path).get_linked_files() == []


@pytest.mark.parametrize("word", ["a\nb", "\x00", "\x1b", "\udcff", "\ufffe"])
def test_what_xml_cannot_hold_is_written_as_python_does(tmp_path, word):
    of = Prediction("a.wav", 1.0, (word,), (Segment(0.0, 1.0, (1.0,)),))
    [(_, _, text)] = file_of(of, tmp_path).get_annotation_data_for_tier("emotion")
    assert text == repr(word)[1:-1]
