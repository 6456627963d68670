import keras
import numpy as np
import pytest
from keras import ops

from mdat_keras import GraphAttention

NODES = np.random.default_rng(0).normal(size=(2, 6, 5)).astype("float32")


def leaky_relu(scores: np.ndarray) -> np.ndarray:
    return np.where(scores > 0, scores, 0.2 * scores)


def softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores)
    return weights / weights.sum(axis=-1, keepdims=True)


def head_of(layer: GraphAttention, head: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The head's own nodes `h` and the two halves of its vector `a`."""
    kernel, sender, receiver = layer.get_weights()
    width = layer.units // layer.heads
    return NODES @ kernel[:, head * width : (head + 1) * width], receiver[:, head], sender[:, head]


def formed_pairs(layer: GraphAttention, head: int) -> np.ndarray:
    """Equations 3 and 4 of Veličković et al. as printed: `a . [h_i ; h_j]` for every pair."""
    h, receiver, sender = head_of(layer, head)
    shape = (*h.shape[:2], *h.shape[1:])
    i, j = np.broadcast_to(h[:, :, None], shape), np.broadcast_to(h[:, None], shape)
    scores = np.concatenate([i, j], axis=-1) @ np.concatenate([receiver, sender])
    return softmax(leaky_relu(scores)) @ h


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_equals_attention_over_formed_pairs(heads: int) -> None:
    layer = GraphAttention(units=8, heads=heads)
    output = layer(NODES)
    expected = np.concatenate([formed_pairs(layer, head) for head in range(heads)], axis=-1)
    np.testing.assert_allclose(output, expected, atol=1e-5)


def test_two_nodes_by_hand() -> None:
    layer = GraphAttention(units=1)
    layer.build((None, None, 1))
    layer.set_weights([np.ones((1, 1))] * 3)
    output = layer(np.array([[[-1.0], [1.0]]], dtype="float32"))
    # Scores [[-2, 0], [0, 2]] become [[-0.4, 0], [0, 2]]; the output is 2 sigmoid(difference) - 1.
    np.testing.assert_allclose(output[0, :, 0], [0.19737532, 0.76159416], atol=1e-6)


def test_broadcast_gives_every_node_the_same_sum() -> None:
    layer = GraphAttention(units=4, scores="broadcast")
    output = layer(NODES)
    kernel, sender = layer.get_weights()
    h = NODES @ kernel
    weights = softmax(leaky_relu((h @ sender)[..., 0]))
    expected = np.broadcast_to(weights[:, None] @ h, output.shape)
    np.testing.assert_allclose(output, expected, atol=1e-6)


def test_residual_adds_the_nodes() -> None:
    plain, residual = GraphAttention(units=5), GraphAttention(units=5, residual=True)
    without = plain(NODES)
    residual.build(NODES.shape)
    residual.set_weights(plain.get_weights())
    np.testing.assert_allclose(residual(NODES), without + NODES, atol=1e-6)


def test_dropout_acts_in_training_only() -> None:
    layer = GraphAttention(units=4, dropout=0.5)
    expected = layer(NODES)
    assert np.array_equal(layer(NODES), expected)
    assert not np.allclose(layer(NODES, training=True), expected)


def test_masked_nodes_are_ignored() -> None:
    layer = GraphAttention(units=4)
    mask = np.array([[True, True, True, False, False, False]] * 2)
    np.testing.assert_allclose(layer(NODES, mask)[:, :3], layer(NODES[:, :3]), atol=1e-6)


def test_residual_needs_the_width_of_the_input() -> None:
    with pytest.raises(ValueError, match=r"width of the input, 5; got units=4\. Use units=5 or"):
        GraphAttention(units=4, residual=True)(NODES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 8, "scores": "gate"}, "scores must be one of pairwise, broadcast; got 'gate'"),
        ({"units": 8, "heads": 3}, "heads must divide units, which is 8; got 3"),
        ({"units": 8, "heads": 0}, "heads must be a whole number of at least 1; got 0"),
        ({"units": 0}, "units must be a whole number of at least 1; got 0"),
        ({"units": True}, "units must be a whole number of at least 1; got True"),
        ({"units": 8, "dropout": 1.0}, r"dropout must be at least 0 and less than 1; got 1\.0"),
    ],
)
def test_bad_arguments(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        GraphAttention(**arguments)


def test_gradients_pass_a_fully_masked_graph() -> None:
    inputs = keras.Input((6, 5)), keras.Input((6,), dtype="bool")
    model = keras.Model(inputs, GraphAttention(units=4)(*inputs))
    model.compile("sgd", "mse")
    model.train_on_batch([NODES, np.zeros((2, 6), dtype=bool)], np.ones((2, 6, 4)))
    assert all(np.isfinite(ops.convert_to_numpy(weight)).all() for weight in model.weights)
