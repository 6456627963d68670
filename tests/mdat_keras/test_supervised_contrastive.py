import keras
import numpy as np
import pytest
import tensorflow as tf

from mdat_keras import SupervisedContrastive

# Four orthogonal directions; their lengths have no effect.
CROSS = np.array([[[1.0, 0.0]], [[0.0, 2.0]], [[-3.0, 0.0]], [[0.0, -1.0]]], dtype="float32")


def losses(labels: list[int], views: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    loss = SupervisedContrastive(temperature, reduction="none")
    return np.array(loss(np.array(labels), views))


def test_four_utterances_by_hand() -> None:
    # The first two are positives of each other: similarity 0, among the similarities 0, 0 and -1.
    expected = np.log(2 + np.exp(-1))
    np.testing.assert_allclose(losses([0, 0, 1, 2], CROSS), [expected, expected, 0, 0], rtol=1e-6)


@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_two_views_are_each_others_positive(temperature: float) -> None:
    views = np.repeat(CROSS[:2], 2, axis=1)
    # Similarity 1 with the other view and 0 with both views of the other utterance.
    expected = np.log(np.exp(1 / temperature) + 2) - 1 / temperature
    np.testing.assert_allclose(losses([0, 1], views, temperature), [expected] * 2, rtol=1e-5)


def test_the_loss_of_an_utterance_is_the_mean_of_its_views() -> None:
    views = np.random.default_rng(4).normal(size=(4, 2, 5)).astype("float32")
    labels = [0, 1, 0, 2]
    rows = losses(np.repeat(labels, 2).tolist(), views.reshape(8, 1, 5))
    np.testing.assert_allclose(losses(labels, views), rows.reshape(4, 2).mean(axis=1), rtol=1e-5)


def test_sample_weights_apply_to_utterances() -> None:
    loss = SupervisedContrastive(1.0)
    labels = np.array([0, 0, 1, 2])
    expected = 3 * np.log(2 + np.exp(-1)) / 4
    weighted = loss(labels, CROSS, sample_weight=np.array([2.0, 1.0, 5.0, 5.0]))
    np.testing.assert_allclose(weighted, expected, rtol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 2, 3), (3, 1, 3), (3, 2, 3)])
@pytest.mark.parametrize("value", [0.0, 1e4])
def test_finite_with_finite_gradients(shape: tuple[int, ...], value: float) -> None:
    views = tf.Variable(np.full(shape, value, dtype="float32"))
    with tf.GradientTape() as tape:
        loss = SupervisedContrastive(0.01)(np.arange(shape[0]), views)
    assert np.isfinite(np.array(loss))
    assert np.isfinite(np.array(tape.gradient(loss, views))).all()


def test_config_round_trip() -> None:
    loss = SupervisedContrastive(0.3, name="some_name")
    written = keras.saving.serialize_keras_object(loss)
    assert written["registered_name"] == "mdat>SupervisedContrastive"
    assert keras.saving.deserialize_keras_object(written).temperature == 0.3


def test_bad_temperature() -> None:
    with pytest.raises(ValueError, match=r"temperature must be a number greater than 0; got 0\.0"):
        SupervisedContrastive(0.0)
