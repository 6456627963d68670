"""The accuracy of the surest predictions."""

import numpy as np
import pytest

from mdat_data.metrics import Covered, at_coverages, at_threshold, coverage_line

SURE = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.45, 0.55]])
TRUTH = np.array([0, 1, 1, 1])


def test_the_surest_are_taken_first():
    found = at_coverages(SURE, TRUTH, [1, 0.75, 0.5])
    assert [(c.coverage, c.threshold) for c in found] == [(1, 0.55), (0.75, 0.6), (0.5, 0.8)]
    assert [c.accuracy for c in found] == pytest.approx([3 / 4, 2 / 3, 1])


def test_a_part_is_rounded_up_to_an_utterance():
    assert [c.coverage for c in at_coverages(SURE, TRUTH, [0.3, 0.25, 0.01])] == [0.5, 0.25, 0.25]


def test_a_threshold_keeps_what_reaches_it():
    assert at_threshold(SURE, TRUTH, 0.6) == Covered(coverage=0.75, threshold=0.6, accuracy=2 / 3)
    assert at_threshold(SURE, TRUTH, 0.95) == Covered(coverage=0, threshold=0, accuracy=0)


def test_a_line_for_people():
    assert coverage_line(at_coverages(SURE, TRUTH, [1, 0.5])) == (
        "accuracy % of the surest 100 % (from 0.55): 75.0, 50 % (from 0.80): 100.0"
    )
