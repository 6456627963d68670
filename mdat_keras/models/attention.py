"""The attention of a model, as further outputs."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import KerasTensor, layers, ops

from mdat_keras.layers.co_attention import CoAttention
from mdat_keras.layers.graph_attention import GraphAttention

KINDS = {"graph_attention": GraphAttention, "co_attention": CoAttention}
"""Output -> the layers whose attention it is."""


def with_attention(model: keras.Model, inputs: Sequence[str]) -> keras.Model:
    """Extend a model by outputs that show what its attention layers attend to.

    They are shares of attention, one for each node: the mean weight of the node over heads and over
    the real nodes that attend to it. The nodes are the steps of the speech, then those of the text.

    * `graph_attention`: all nodes attend to all nodes of their graph, and the shares of a graph sum
      to 1. It is one graph, or one for each stream.
    * `co_attention`: each stream is attended to by the other, and its shares sum to 1.

    A masked node has the share 0. Attention is not an explanation: nodes with a large share often
    have little effect on the probabilities.

    Args:
        model: A model of `build_model`, or one that was loaded.
        inputs: Names of the inputs that the model uses; a model of one stream ignores the others.

    Returns:
        A model from these inputs to a dictionary: `probabilities`, `(B, C)`, and for each kind of
        attention layer that the model has its shares, `(B, N)`.
    """
    outputs = {"probabilities": model.output}
    for name, kind in KINDS.items():
        found = {layer.name: layer for layer in model.layers if isinstance(layer, kind)}
        shares = [_Shares(found[key])(*found[key].input) for key in sorted(found)]
        if shares:
            outputs[name] = layers.Concatenate(axis=1)(shares) if shares[1:] else shares[0]
    return keras.Model({name: model.input[name] for name in inputs}, outputs, name=model.name)


class _Shares(keras.Layer):
    """The shares of attention, `(B, N)`, in a call of an attention layer."""

    def __init__(self, attending: GraphAttention | CoAttention, **kwargs: Any) -> None:
        super().__init__(dtype=attending.dtype_policy, **kwargs)
        self.attending = attending

    def build(self, *shapes: tuple[int | None, ...]) -> None:
        pass  # the layer that attends is built

    def call(self, *inputs: KerasTensor) -> KerasTensor:
        if isinstance(self.attending, GraphAttention):
            nodes, mask = inputs
            return _received(ops.mean(self.attending.attention(nodes, mask), axis=1), mask)
        *_, speech_mask, text_mask = inputs
        to_text, to_speech = self.attending.attention(*inputs)
        return ops.concatenate(
            [_received(to_speech, text_mask), _received(to_text, speech_mask)], 1
        )


def _received(weights: KerasTensor, mask: KerasTensor) -> KerasTensor:
    """Average weights, receivers by senders `(B, M, N)`, over the real receivers."""
    real = ops.cast(mask, weights.dtype)
    number = ops.maximum(ops.sum(real, axis=1, keepdims=True), 1)
    return ops.sum(weights * real[:, :, None], axis=1) / number
