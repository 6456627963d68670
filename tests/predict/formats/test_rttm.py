"""RTTM is divided at white space, whatever stands in names."""

from urllib.parse import unquote

import pytest
from toy_predictions import CLASSES, HOSTILE, QUIET, WINDOWS

from mdat_predict.formats import to_text
from mdat_predict.formats.as_rttm import text
from mdat_predict.prediction import Prediction, Segment


def fields(*predictions: Prediction, reject: float = 0.0) -> list[list[str]]:
    return [line.split() for line in text(predictions, reject=reject).split("\n")[:-1]]


def test_a_line_has_ten_fields_that_tell_everything():
    lines = fields(HOSTILE, QUIET)
    assert {len(line) for line in lines} == {10}
    assert {unquote(line[1]) for line in lines} == {HOSTILE.recording}
    assert [unquote(line[7]) for line in lines] == [CLASSES[0], CLASSES[2], CLASSES[1]]
    assert lines[1][:3] + lines[1][3:7] == ["SPEAKER", lines[0][1], "1"] + [
        *("2.000", "1.125", "<NA>", "<NA>")
    ]
    assert lines[1][8:] == ["0.700", "<NA>"]


def test_below_the_threshold_the_emotion_is_uncertain():
    assert [line[7] for line in fields(WINDOWS, reject=0.7)] == ["calm", "calm", "uncertain"]


def test_segments_that_overlap_stay_as_they_are():
    assert [line[3:5] for line in fields(WINDOWS)] == [[f"{t}.000", "2.000"] for t in range(3)]


@pytest.mark.parametrize("name", ["a b", "a\u2003b", "a%20b", "a\tb", "a\x1fb", "a\udcffb", "a\nb"])
def test_a_name_is_one_field_and_can_be_read_again(name):
    [line] = fields(Prediction(name, 1.0, ("sad",), (Segment(0.0, 1.0, (1.0,)),)))
    assert len(line) == 10
    assert unquote(line[1], errors="surrogatepass") == name


def test_nothing_predicted_is_an_empty_text():
    assert to_text("rttm", [QUIET], reject=0.0) == to_text("rttm", [], reject=0.0) == ""
