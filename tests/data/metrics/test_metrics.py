"""Metrics, by hand and by scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from mdat_data.metrics import compute_metrics, confusion_matrix

ABC = ("a", "b", "c")


def test_metrics_by_hand_where_ua_is_not_wa():
    truth = np.array([0, 0, 0, 0, 0, 0, 1, 1, 2, 2])
    predicted = np.array([0, 0, 0, 0, 0, 1, 1, 0, 0, 1])
    of = compute_metrics(truth, predicted, ABC)
    assert of.wa == pytest.approx(6 / 10)
    assert of.ua == pytest.approx((5 / 6 + 1 / 2 + 0) / 3)
    # F1: 2 correct / (utterances + predictions) = 10 / (6 + 7), 2 / (2 + 3), 0 / (2 + 0)
    assert of.macro_f1 == pytest.approx((10 / 13 + 2 / 5 + 0) / 3)
    assert of.undefined == ()


def test_confusion_matrix_by_hand():
    counts = confusion_matrix(np.array([0, 0, 2]), np.array([0, 1, 0]), 4)
    assert counts.tolist() == [[1, 1, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize("seed", range(10))
def test_ua_is_the_balanced_accuracy_where_every_class_is_tested(seed):
    rng = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(5), rng.integers(5, size=40)])
    predicted = np.where(rng.random(45) < 0.5, truth, rng.integers(5, size=45))
    expected = balanced_accuracy_score(truth, predicted)
    assert compute_metrics(truth, predicted, tuple("abcde")).ua == pytest.approx(expected)


def test_a_class_without_an_utterance_is_undefined_and_left_out():
    of = compute_metrics(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 0]), ABC)
    assert of.undefined == ("c",)
    assert of.ua == pytest.approx((1 + 1 / 2) / 2)
    assert of.macro_f1 == pytest.approx((4 / 5 + 2 / 3) / 2)


def test_a_class_that_is_only_predicted_does_not_count_as_a_recall_of_0():
    of = compute_metrics(np.array([0, 0, 1, 1]), np.array([0, 2, 1, 2]), ABC)
    assert of.undefined == ("c",)
    assert of.ua == pytest.approx(1 / 2)
    assert of.wa == pytest.approx(1 / 2)


@pytest.mark.parametrize("seed", range(20))
def test_ua_is_the_balanced_accuracy_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    classes = int(rng.integers(2, 8))
    truth = np.concatenate([np.arange(classes), rng.integers(classes, size=50)])
    predicted = rng.integers(classes, size=truth.size)
    expected = balanced_accuracy_score(truth, predicted)
    assert compute_metrics(truth, predicted, "abcdefgh"[:classes]).ua == pytest.approx(
        expected, abs=1e-12
    )


def test_a_class_without_an_utterance_is_left_out_although_it_was_predicted():
    # scikit-learn warns about such a class; here it is named.
    found = compute_metrics(np.array([0, 0, 1]), np.array([0, 2, 1]), "abc")
    assert (found.ua, found.undefined) == (0.75, ("c",))
