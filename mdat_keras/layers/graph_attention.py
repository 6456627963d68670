"""Graph attention between all steps of one or two streams."""

from typing import Any

import keras
from keras import KerasTensor, ops

from mdat_keras import checks
from mdat_keras.mask_bias import mask_bias

SCORES = ("pairwise", "broadcast")


def graph_weights(receiver: KerasTensor, sender: KerasTensor) -> KerasTensor:
    """Compute the attention weights: `softmax_j(leaky_relu(receiver_i + sender_j))`.

    Args:
        receiver: Tensor of shape `(B, H, N)`, scores of the nodes i that are updated.
        sender: Tensor of shape `(B, H, N)`, scores of the nodes j that are averaged.

    Returns:
        Tensor of shape `(B, H, N, N)`; each row sums to 1.
    """
    pairs = receiver[:, :, :, None] + sender[:, :, None, :]
    return ops.softmax(ops.leaky_relu(pairs, negative_slope=0.2), axis=-1)


@keras.saving.register_keras_serializable(package="mdat")
class GraphAttention(keras.Layer):
    """Graph attention over the complete graph: every node attends to every node and to itself.

    With `h_i = W x_i` for each node (MDAT, equations 3 to 6):

        alpha_ij = softmax_j(leaky_relu(a_receiver . h_i + a_sender . h_j))
        x_i'     = sum_j alpha_ij h_j   (+ x_i with `residual`)

    This equals `a . [h_i ; h_j]` of Veličković et al., equations 3 and 4, where `a` is the
    concatenation of `a_receiver` and `a_sender`; no tensor of all pairs `[h_i ; h_j]` is needed.
    There is no bias and no activation after the sum. Heads are concatenated.

    Args:
        units: Width U of the output, a multiple of `heads`.
        heads: Number H of heads, each of width `units / heads`.
        scores: `"pairwise"`, as above, or `"broadcast"`, equation 4 of MDAT as printed: the score
            is `a . h_j` alone, and all nodes get the same sum.
        residual: Whether to add the input to the output. `units` must then equal the width of the
            input.
        dropout: Fraction of the weights `alpha` dropped in training.
        **kwargs: Arguments of `keras.Layer`, such as `name` and `dtype`.

    Call arguments:
        nodes: Tensor of shape `(B, N, D)`.
        node_mask: Boolean tensor of shape `(B, N)`, True where a node is real. Masked nodes are
            ignored; their rows of the output have no meaning.

    Returns:
        Tensor of shape `(B, N, U)`.

    Example:
    >>> layer = GraphAttention(units=8, heads=2)
    >>> keras.ops.shape(layer(keras.ops.ones((2, 5, 16)), keras.ops.ones((2, 5), dtype="bool")))
    (2, 5, 8)

    References:
        [Veličković et al., Graph Attention Networks, 2018](https://arxiv.org/abs/1710.10903)
    """

    def __init__(
        self,
        units: int,
        heads: int = 1,
        scores: str = "pairwise",
        residual: bool = False,
        dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        checks.at_least("units", units, 1)
        checks.divides("heads", heads, "units", units)
        checks.one_of("scores", scores, SCORES)
        checks.rate("dropout", dropout)
        self.units = units
        self.heads = heads
        self.scores = scores
        self.residual = residual
        self.dropout = dropout
        self.weight_dropout = keras.layers.Dropout(dropout, dtype=self.dtype_policy)

    def build(self, nodes_shape: tuple[int | None, ...]) -> None:
        width = nodes_shape[-1]
        if self.residual and width != self.units:
            raise ValueError(
                f"residual=True adds the input to the output, so units must be the width of the "
                f"input, {width}; got units={self.units}. Use units={width} or residual=False."
            )
        self.kernel = self.add_weight(name="kernel", shape=(width, self.units))
        head = (self.units // self.heads, self.heads)
        self.sender_kernel = self.add_weight(name="sender_kernel", shape=head)
        if self.scores == "pairwise":
            self.receiver_kernel = self.add_weight(name="receiver_kernel", shape=head)

    def call(self, nodes: KerasTensor, node_mask: KerasTensor | None = None) -> KerasTensor:
        values = self._split_heads(ops.matmul(nodes, self.kernel))
        weights = ops.cast(self._weights(values, node_mask), self.compute_dtype)
        updated = self._merge_heads(ops.matmul(self.weight_dropout(weights), values))
        return updated + nodes if self.residual else updated

    def compute_output_shape(self, nodes_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*nodes_shape[:2], self.units)

    def attention(self, nodes: KerasTensor, node_mask: KerasTensor | None = None) -> KerasTensor:
        """Compute the attention weights `alpha` of a call with the same arguments.

        Returns:
            Tensor of shape `(B, H, N, N)`, receivers by senders; each row sums to 1.
        """
        return self._weights(self._split_heads(ops.matmul(nodes, self.kernel)), node_mask)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "heads": self.heads,
            "scores": self.scores,
            "residual": self.residual,
            "dropout": self.dropout,
        }

    def _weights(self, values: KerasTensor, mask: KerasTensor | None) -> KerasTensor:
        sender = self._scores(values, self.sender_kernel)
        receiver = ops.zeros_like(sender)
        if self.scores == "pairwise":
            receiver = self._scores(values, self.receiver_kernel)
        if mask is not None:
            # On N scores instead of N * N weights: leaky_relu keeps the lowest score lowest.
            sender = sender + mask_bias(mask)[:, None, :]
        return graph_weights(receiver, sender)

    def _scores(self, values: KerasTensor, kernel: KerasTensor) -> KerasTensor:
        # Not matmul: TensorFlow 2.21 corrupts memory when it broadcasts operands of rank 4
        # (tensorflow#117700).
        return ops.cast(ops.einsum("bhnf,fh->bhn", values, kernel), "float32")

    def _split_heads(self, nodes: KerasTensor) -> KerasTensor:  # (B, N, U) to (B, H, N, U/H)
        shape = (-1, ops.shape(nodes)[1], self.heads, self.units // self.heads)
        return ops.transpose(ops.reshape(nodes, shape), (0, 2, 1, 3))

    def _merge_heads(self, nodes: KerasTensor) -> KerasTensor:  # (B, H, N, U/H) to (B, N, U)
        shape = (-1, ops.shape(nodes)[2], self.units)
        return ops.reshape(ops.transpose(nodes, (0, 2, 1, 3)), shape)
