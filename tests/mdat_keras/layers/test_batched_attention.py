"""The same function as the multi-head attention of Keras."""

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
    """The layer of Keras and ours, with the same weights."""
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
def test_gives_the_output_of_keras(mask):
    plain, ours = pair()
    expected = plain(QUERY, VALUE, key_mask=mask)
    np.testing.assert_allclose(ours(QUERY, VALUE, key_mask=mask), expected, atol=1e-5)


def test_gives_the_attention_weights_of_keras():
    plain, ours = pair()
    how = {"key_mask": MASK, "return_attention_scores": True}
    _, expected = plain(QUERY, VALUE, **how)
    _, weights = ours(QUERY, VALUE, **how)
    np.testing.assert_allclose(weights, expected, atol=1e-6)
    assert not np.asarray(weights)[1, :, :, 4:].any()


def test_an_utterance_without_a_real_step_stays_finite():
    _, ours = pair()
    assert np.isfinite(ours(QUERY, VALUE, key_mask=np.zeros_like(MASK))).all()


def test_half_precision_is_close():
    plain, _ = pair()
    half = BatchedAttention(num_heads=2, key_dim=4, dtype="mixed_bfloat16")
    half.build(QUERY.shape, VALUE.shape)
    half.set_weights(plain.get_weights())
    found = half(QUERY, VALUE, key_mask=MASK)
    assert found.dtype == "bfloat16"
    expected = plain(QUERY, VALUE, key_mask=MASK)
    error = np.linalg.norm(ops.cast(found, "float32") - expected)
    assert error < 0.02 * np.linalg.norm(expected)


def test_unsupported_arguments():
    with pytest.raises(
        ValueError, match=r"dropout must be 0; got 0\.1\. Use keras\.layers\.MultiHead"
    ):
        BatchedAttention(num_heads=2, key_dim=4, dropout=0.1)
    heads = QUERY.reshape(3, 5, 2, 4)
    with pytest.raises(
        ValueError, match="use_causal_mask must be False; got True. Use keras.layers.Mul"
    ):
        # As Keras calls it where its backend computes the attention with a causal mask.
        pair()[1]._compute_attention(heads, heads, heads, use_causal_mask=True)
