import numpy as np

from mdat_keras import MaskedMean

SEQUENCE = np.array([[[1.0, 2.0], [3.0, 6.0], [9.0, 9.0]], [[1.0, 1.0], [5.0, 5.0], [5.0, 5.0]]])
MASK = np.array([[True, True, False], [True, False, False]])


def test_mean_over_the_real_steps() -> None:
    np.testing.assert_allclose(MaskedMean()(SEQUENCE, MASK), [[2, 4], [1, 1]])


def test_mean_over_all_steps_without_a_mask() -> None:
    np.testing.assert_allclose(MaskedMean()(SEQUENCE[1:]), [[11 / 3, 11 / 3]], rtol=1e-6)


def test_no_real_step_gives_zeros() -> None:
    np.testing.assert_array_equal(MaskedMean()(SEQUENCE, np.zeros_like(MASK)), np.zeros((2, 2)))


def test_long_sequences_do_not_lose_precision_in_float16() -> None:
    sequence = np.full((1, 4001, 1), 3.0)
    mask = np.ones((1, 4001), dtype=bool)
    np.testing.assert_allclose(MaskedMean(dtype="float16")(sequence, mask), [[3.0]], rtol=1e-3)
