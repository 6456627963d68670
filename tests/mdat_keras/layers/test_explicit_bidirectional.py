import keras
import numpy as np

from mdat_keras import ExplicitBidirectional, MaskedMean

SEQUENCE = np.random.default_rng(6).normal(size=(2, 5, 3)).astype("float32")
MASK = np.arange(5) < np.array([[5], [3]])


def test_equals_what_keras_computes() -> None:
    keras_layer = keras.layers.Bidirectional(keras.layers.GRU(4, return_sequences=True))
    expected = keras_layer(SEQUENCE, mask=MASK)
    layer = ExplicitBidirectional(keras.layers.GRU(4, return_sequences=True))
    layer.build(SEQUENCE.shape)
    layer.set_weights(keras_layer.get_weights())
    np.testing.assert_array_equal(layer(SEQUENCE, mask=MASK), expected)


def test_layers_after_it_do_not_warn() -> None:
    layer = ExplicitBidirectional(keras.layers.GRU(4, return_sequences=True))
    assert MaskedMean()(layer(SEQUENCE, mask=MASK), MASK).shape == (2, 8)
