"""Weights of utterances."""

import numpy as np

from mdat_train.classifiers.classifier import balanced_weights


def test_every_class_weighs_the_same_and_the_mean_is_1():
    labels = np.array([0, 0, 0, 1, 3, 3])
    weights = balanced_weights(labels, 4)
    np.testing.assert_allclose(weights, [2 / 3, 2 / 3, 2 / 3, 2, 1, 1], rtol=1e-6)
    np.testing.assert_allclose(np.bincount(labels, weights), [2, 2, 0, 2], rtol=1e-6)
    assert weights.mean() == 1
