"""Features that are read when they are used."""

from itertools import count

import numpy as np

from mdat_train.inputs.deferred import Deferred, moments


def test_it_is_made_again_at_every_use():
    made = count(1)
    features = Deferred(lambda: np.full((3, 2), next(made)), (3, 2), np.dtype("float16"))
    assert (len(features), features.nbytes, next(made)) == (3, 12, 1)  # nothing was made yet
    assert [np.asarray(features).tolist()[0] for _ in range(2)] == [[2, 2], [3, 3]]


def test_numpy_computes_with_it():
    features = Deferred(lambda: np.ones((3, 2), np.float16), (3, 2), np.dtype("float16"))
    assert np.sum(features, axis=0, dtype=np.float64).tolist() == [3.0, 3.0]
    assert np.asarray(features, np.float32).dtype == np.float32


def test_the_moments_are_those_of_numpy_and_are_computed_once():
    rows = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float16)
    made = count()
    features = Deferred(lambda: rows + next(made), (50, 3), rows.dtype)
    expected = [np.mean(rows, axis=0, dtype=float), np.std(rows, axis=0, dtype=float)]
    for _ in range(2):
        np.testing.assert_array_equal(moments(features), expected)
    np.testing.assert_array_equal(moments(rows), expected)
    assert next(made) == 1


def test_features_in_memory_are_made_once_and_share_the_moments():
    made = count(1)
    features = Deferred(lambda: np.full((3, 2), next(made)), (3, 2), np.dtype("int64"))
    held = features.in_memory()
    assert np.asarray(held).tolist() == np.asarray(held).tolist() == [[1, 1]] * 3
    assert moments(held).tolist() == moments(features).tolist() == [[1, 1], [0, 0]]
    assert next(made) == 2
