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


def test_config_round_trip() -> None:
    layer = ExplicitBidirectional(keras.layers.GRU(4, return_sequences=True), name="some_name")
    before = layer(SEQUENCE, mask=MASK)
    written = keras.saving.serialize_keras_object(layer)
    assert written["registered_name"] == "mdat>ExplicitBidirectional"
    twin = keras.saving.deserialize_keras_object(written)
    twin.build(SEQUENCE.shape)
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(twin(SEQUENCE, mask=MASK), before)
