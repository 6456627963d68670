"""The learning rates are those of the formula."""

import numpy as np
import pytest

from mdat_train.classifiers.learning_rates import warm_up_and_cosine


@pytest.mark.parametrize("steps", [1, 3, 10, 25, 200])
def test_the_learning_rate_rises_and_falls(steps):
    rise = max(1, round(0.1 * steps))
    number = np.arange(1, steps + 1)
    cosine = (1 + np.cos(np.pi * (number - rise) / max(1, steps - rise))) / 2
    expected = 0.1 * np.where(number <= rise, number / rise, cosine)
    assert warm_up_and_cosine(0.1, steps) == pytest.approx(expected, abs=2e-8)
