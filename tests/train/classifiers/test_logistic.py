"""Logistic regression whose penalty has a centre, and whose utterances may have fewer classes."""

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression

from mdat_train.classifiers.logistic import fit_logistic, scores

RNG = np.random.default_rng(0)
LABELS = np.repeat(np.arange(3), 20)
FEATURES = RNG.normal(size=(60, 4)) + np.eye(3, 4)[LABELS]
WEIGHTS = RNG.uniform(0.2, 2, size=60)
CENTRE = RNG.normal(size=(5, 3))


def fit(*, penalty: float = 0.01, weights: np.ndarray = WEIGHTS, **others) -> np.ndarray:
    return fit_logistic(FEATURES, LABELS, weights, classes=3, penalty=penalty, **others)


@pytest.mark.parametrize("strength", [0.1, 1.0, 20.0])
def test_pulled_to_zero_it_is_that_of_scikit_learn(strength):
    expected = LogisticRegression(C=1 / strength, tol=1e-8, max_iter=5000)
    expected.fit(FEATURES, LABELS, sample_weight=WEIGHTS)
    found = fit(penalty=strength / WEIGHTS.sum())
    np.testing.assert_allclose(found[:-1].T, expected.coef_, atol=1e-4)
    probabilities = softmax(scores(FEATURES, found), axis=1)
    np.testing.assert_allclose(probabilities, expected.predict_proba(FEATURES), atol=1e-4)


def test_only_the_ratios_of_the_weights_count():
    np.testing.assert_allclose(fit(weights=7 * WEIGHTS), fit(), atol=1e-5)


def test_the_stronger_the_pull_the_nearer_to_the_centre():
    weak, strong, hard = (fit(penalty=p, centre=CENTRE) for p in (0.01, 1.0, 1e6))
    distances = [np.linalg.norm(of - CENTRE) for of in (weak, strong, hard)]
    assert distances[0] > 2 * distances[1] > 2 * distances[2]
    np.testing.assert_allclose(hard, CENTRE, atol=1e-4)


def test_a_pull_to_the_minimum_changes_nothing():
    least = fit(penalty=1e-9)
    np.testing.assert_allclose(fit(penalty=0.5, centre=least)[:-1], least[:-1], atol=1e-2)


def test_all_classes_allowed_is_no_mask():
    every = np.ones((60, 3), bool)
    np.testing.assert_array_equal(fit(allowed=every), fit())


def test_an_utterance_says_nothing_about_classes_that_it_is_not_judged_among():
    # A source without the last class, its utterances all where those of the last class are.
    others = LABELS < 2
    moved = FEATURES.copy()
    moved[others, 2] += 3
    allowed = np.ones((60, 3), bool)
    allowed[others, 2] = False
    masked, plain = (
        fit_logistic(moved, LABELS, WEIGHTS, classes=3, penalty=0.01, allowed=mask)
        for mask in (allowed, None)
    )
    there = np.array([[0.0, 0.0, 1.0, 0.0]])
    assert softmax(scores(there, masked))[0, 2] > 0.9
    assert softmax(scores(there, plain))[0, 2] < 0.9
    first_two = scores(moved[others], masked)[:, :2].argmax(axis=1)
    assert (first_two == LABELS[others]).mean() > 0.7
