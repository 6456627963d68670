"""The function of Keras' own multi-head attention."""

import keras
import numpy as np
import pytest
from keras import ops

from mdat_keras import BatchedAttention

RNG = np.random.default_rng(0)
QUERY = RNG.normal(size=(3, 5, 8)).astype("float32")
VALUE = RNG.normal(size=(3, 7, 6)).astype("float32")
MASK = np.arange(7) < np.array([[7], [4], [1]])


def pair() -> tuple[keras.Layer, keras.Layer]:
    """Keras' layer and ours, of the same weights."""
    layers = [
        kind(num_heads=2, key_dim=4) for kind in (keras.layers.MultiHeadAttention, BatchedAttention)
    ]
    for layer in layers:
        layer.build(QUERY.shape, VALUE.shape)
    weights = [RNG.normal(size=weight.shape) for weight in layers[0].weights]
    for layer in layers:
        layer.set_weights(weights)
    return layers[0], layers[1]


@pytest.mark.parametrize("mask", [None, MASK])
def test_it_is_the_function_of_keras(mask):
    plain, ours = pair()
    expected = plain(QUERY, VALUE, key_mask=mask)
    np.testing.assert_allclose(ours(QUERY, VALUE, key_mask=mask), expected, atol=1e-5)


def test_the_weights_are_those_of_keras():
    plain, ours = pair()
    how = {"key_mask": MASK, "return_attention_scores": True}
    _, expected = plain(QUERY, VALUE, **how)
    _, weights = ours(QUERY, VALUE, **how)
    np.testing.assert_allclose(weights, expected, atol=1e-6)
    assert not np.asarray(weights)[1, :, :, 4:].any()


def test_an_utterance_without_a_real_step_stays_finite():
    _, ours = pair()
    assert np.isfinite(ours(QUERY, VALUE, key_mask=np.zeros_like(MASK))).all()


def test_half_precision_is_near():
    plain, _ = pair()
    half = BatchedAttention(num_heads=2, key_dim=4, dtype="mixed_bfloat16")
    half.build(QUERY.shape, VALUE.shape)
    half.set_weights(plain.get_weights())
    found = half(QUERY, VALUE, key_mask=MASK)
    assert found.dtype == "bfloat16"
    expected = plain(QUERY, VALUE, key_mask=MASK)
    error = np.linalg.norm(ops.cast(found, "float32") - expected)
    assert error < 0.02 * np.linalg.norm(expected)


def test_what_it_lacks_is_refused():
    with pytest.raises(ValueError, match="dropout must be 0, but is 0.1; keras.layers.MultiHead"):
        BatchedAttention(num_heads=2, key_dim=4, dropout=0.1)
    heads = QUERY.reshape(3, 5, 2, 4)
    with pytest.raises(ValueError, match="use_causal_mask must be False; keras.layers.MultiHead"):
        # As Keras calls it where it leaves the causal mask to the backend's own attention.
        pair()[1]._compute_attention(heads, heads, heads, use_causal_mask=True)


def test_config_round_trip():
    layer = BatchedAttention(num_heads=2, key_dim=4, name="some_name")
    assert BatchedAttention.from_config(layer.get_config()).get_config() == layer.get_config()
