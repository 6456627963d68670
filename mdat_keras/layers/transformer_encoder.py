"""Layer of a transformer encoder."""

from typing import Any

import keras
from keras import KerasTensor

from mdat_keras import checks
from mdat_keras.layers.batched_attention import BatchedAttention


@keras.saving.register_keras_serializable(package="mdat")
class TransformerEncoder(keras.Layer):
    """Self-attention and a feed-forward block, each with a residual connection and a norm.

        v = norm(x + dropout(attention(x, x, x)))
        y = norm(v + dropout(W_2 relu(W_1 v)))

    This is the layer of Vaswani et al., section 3.1 ("post-norm"). There is no position encoding:
    the features of the encoders contain positions already.

    Args:
        heads: Number H of attention heads; it must divide the width of the input.
        feed_forward: Width of the hidden layer of the feed-forward block; None is the width of the
            input.
        dropout: Fraction of the output of each block dropped in training.
        **kwargs: Arguments of `keras.Layer`, such as `name` and `dtype`.

    Call arguments:
        sequence: Tensor of shape `(B, T, D)`.
        sequence_mask: Boolean tensor of shape `(B, T)`, True where a step is real. Masked steps are
            ignored; their rows of the output have no meaning.

    Returns:
        Tensor of shape `(B, T, D)`.

    Example:
    >>> layer = TransformerEncoder(heads=2)
    >>> keras.ops.shape(layer(keras.ops.ones((2, 5, 16))))
    (2, 5, 16)

    References:
        [Vaswani et al., Attention Is All You Need, 2017](https://arxiv.org/abs/1706.03762)
    """

    def __init__(
        self,
        heads: int = 8,
        feed_forward: int | None = None,
        dropout: float = 0.1,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        checks.at_least("heads", heads, 1)
        if feed_forward is not None:
            checks.at_least("feed_forward", feed_forward, 1)
        checks.rate("dropout", dropout)
        self.heads = heads
        self.feed_forward = feed_forward
        self.dropout = dropout

    def build(self, sequence_shape: tuple[Any, ...]) -> None:
        width = sequence_shape[-1]
        checks.divides("heads", self.heads, "the width of the input", width)
        policy = {"dtype": self.dtype_policy}
        inner = self.feed_forward or width
        self.attention = BatchedAttention(self.heads, width // self.heads, **policy)
        self.attention_norm = keras.layers.LayerNormalization(epsilon=1e-5, **policy)
        self.inner_dense = keras.layers.Dense(inner, activation="relu", **policy)
        self.outer_dense = keras.layers.Dense(width, **policy)
        self.feed_forward_norm = keras.layers.LayerNormalization(epsilon=1e-5, **policy)
        self.block_dropout = keras.layers.Dropout(self.dropout, **policy)
        self.attention.build(sequence_shape, sequence_shape)
        self.attention_norm.build(sequence_shape)
        self.inner_dense.build(sequence_shape)
        self.outer_dense.build((*sequence_shape[:-1], inner))
        self.feed_forward_norm.build(sequence_shape)

    def call(self, sequence: KerasTensor, sequence_mask: KerasTensor | None = None) -> KerasTensor:
        attended = self.attention(sequence, sequence, key_mask=sequence_mask)
        sequence = self.attention_norm(sequence + self.block_dropout(attended))
        forwarded = self.outer_dense(self.inner_dense(sequence))
        return self.feed_forward_norm(sequence + self.block_dropout(forwarded))

    def compute_output_shape(
        self, sequence_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return sequence_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "heads": self.heads,
            "feed_forward": self.feed_forward,
            "dropout": self.dropout,
        }
