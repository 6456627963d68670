"""Features that are read when they are used."""

from itertools import count

import numpy as np

from mdat_train.inputs.deferred import Deferred


def test_it_is_made_again_at_every_use():
    made = count(1)
    features = Deferred(lambda: np.full((3, 2), next(made)), (3, 2), np.dtype("float16"))
    assert (len(features), features.nbytes, next(made)) == (3, 12, 1)  # nothing was made yet
    assert [np.asarray(features).tolist()[0] for _ in range(2)] == [[2, 2], [3, 3]]


def test_numpy_computes_with_it():
    features = Deferred(lambda: np.ones((3, 2), np.float16), (3, 2), np.dtype("float16"))
    assert np.sum(features, axis=0, dtype=np.float64).tolist() == [3.0, 3.0]
    assert np.asarray(features, np.float32).dtype == np.float32
