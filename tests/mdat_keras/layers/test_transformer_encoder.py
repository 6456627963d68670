import numpy as np
import pytest

from mdat_keras import TransformerEncoder

SEQUENCE = np.random.default_rng(2).normal(size=(2, 5, 8)).astype("float32")


def norm(values: np.ndarray) -> np.ndarray:
    centred = values - values.mean(axis=-1, keepdims=True)
    return centred / np.sqrt(values.var(axis=-1, keepdims=True) + 1e-5)


def test_blocks_of_zero_weights_leave_two_norms() -> None:
    layer = TransformerEncoder(heads=2)
    layer.build(SEQUENCE.shape)
    layer.attention.set_weights([0 * weight for weight in layer.attention.get_weights()])
    layer.outer_dense.set_weights([0 * weight for weight in layer.outer_dense.get_weights()])
    np.testing.assert_allclose(layer(SEQUENCE), norm(norm(SEQUENCE)), atol=1e-5)


def test_dropout_acts_in_training_only() -> None:
    layer = TransformerEncoder(heads=2, dropout=0.5)
    expected = layer(SEQUENCE)
    assert np.array_equal(layer(SEQUENCE), expected)
    assert not np.allclose(layer(SEQUENCE, training=True), expected)


def test_heads_must_divide_the_width() -> None:
    with pytest.raises(
        ValueError, match="heads must divide the width of the input, which is 8; got 3"
    ):
        TransformerEncoder(heads=3)(SEQUENCE)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"heads": 0}, "heads must be a whole number of at least 1; got 0"),
        ({"feed_forward": 0}, "feed_forward must be a whole number of at least 1; got 0"),
        ({"dropout": 1.0}, r"dropout must be at least 0 and less than 1; got 1\.0"),
    ],
)
def test_bad_arguments(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TransformerEncoder(**arguments)
