"""Steps that are averaged."""

import numpy as np
import pytest

from mdat_data.steps import averaged, lowest

ROWS = np.array([[1, 8], [3, 8], [-2, 0], [6, 4], [5, 7]])


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize(
    ("stride", "expected"),
    [
        (1, ROWS.tolist()),
        (2, [[2, 8], [2, 2], [5, 7]]),
        (3, [[2 / 3, 16 / 3], [5.5, 5.5]]),
        (4, [[2, 5], [5, 7]]),
        (5, [[2.6, 5.4]]),
        (9, [[2.6, 5.4]]),
    ],
)
def test_neighbours_are_averaged_and_at_the_end_those_that_are_left(stride, expected, dtype):
    found = averaged(ROWS.astype(dtype), stride)
    assert found.dtype == dtype
    assert found.tolist() == np.array(expected, dtype).tolist()


def test_large_numbers_in_half_precision_do_not_overflow():
    assert averaged(np.full((4, 1), 60000, np.float16), 4).tolist() == [[60000]]


def test_no_feature_is_blown_up_beyond_the_others():
    found = lowest(np.array([0.0, 8192.0, 0.0]), np.array([4.0, 4.0, 0.0]))
    assert found.tolist() == [0.02, 2.0, 0.02]
    assert lowest(np.zeros(2), np.zeros(2)).tolist() == [0, 0]
