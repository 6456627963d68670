"""The records of a prediction."""

import pytest

from mdat_predict import Prediction, Segment
from mdat_predict.prediction import UNCERTAIN

CLASSES = ("angry", "happy", "sad")


def test_the_most_probable_class_is_the_answer():
    assert Segment(0.0, 1.0, (0.2, 0.5, 0.3)).emotion(CLASSES) == "happy"


@pytest.mark.parametrize(("reject", "answer"), [(0.5, "happy"), (0.51, UNCERTAIN)])
def test_below_the_threshold_the_answer_is_uncertain(reject, answer):
    assert Segment(0.0, 1.0, (0.2, 0.5, 0.3)).emotion(CLASSES, reject=reject) == answer


def test_a_summary_weighs_segments_by_their_duration():
    parts = (Segment(1.0, 4.0, (1.0, 0.0, 0.0), "so"), Segment(5.0, 6.0, (0.0, 0.0, 1.0), "da"))
    summary = Prediction("a.wav", 9.0, CLASSES, parts).summary()
    assert summary == Segment(0.0, 9.0, (0.75, 0.0, 0.25), "so da")


def test_without_segments_there_is_no_summary():
    assert Prediction("a.wav", 9.0, CLASSES, ()).summary() is None
