import keras
import numpy as np
import tensorflow as tf

from mdat_keras import MaskedStatistics

SEQUENCE = np.array(
    [[[1.0, 2.0], [3.0, 6.0], [9.0, 9.0]], [[1.0, 1.0], [5.0, 5.0], [5.0, 5.0]]], dtype="float32"
)
MASK = np.array([[True, True, False], [True, False, False]])


def test_mean_and_deviation_over_the_real_steps() -> None:
    np.testing.assert_array_equal(MaskedStatistics()(SEQUENCE, MASK), [[2, 4, 1, 2], [1, 1, 0, 0]])


def test_all_steps_are_real_without_a_mask() -> None:
    expected = np.concatenate([SEQUENCE.mean(axis=1), SEQUENCE.std(axis=1)], axis=-1)
    np.testing.assert_allclose(MaskedStatistics()(SEQUENCE), expected, rtol=1e-6)


def test_no_real_step_gives_zeros() -> None:
    nothing = np.zeros_like(MASK)
    np.testing.assert_array_equal(MaskedStatistics()(SEQUENCE, nothing), np.zeros((2, 4)))


def test_small_deviations_of_large_features_are_kept() -> None:
    sequence = 1000 + np.random.default_rng(0).normal(size=(1, 300, 4)).astype("float32") / 64
    deviation = keras.ops.convert_to_numpy(MaskedStatistics()(sequence))[:, 4:]
    np.testing.assert_allclose(deviation, sequence.std(axis=1, dtype=float), rtol=1e-4)


def test_gradients_of_a_sequence_that_never_varies_are_finite() -> None:
    sequence = tf.ones((2, 3, 2))
    with tf.GradientTape() as tape:
        tape.watch(sequence)
        output = tf.reduce_sum(MaskedStatistics()(sequence, MASK))
    expected = np.repeat(MASK / MASK.sum(axis=1, keepdims=True), 2).reshape(2, 3, 2)
    np.testing.assert_allclose(tape.gradient(output, sequence), expected)
