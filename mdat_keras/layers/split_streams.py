"""Splits joint nodes into speech and text."""

import keras
from keras import KerasTensor, ops


@keras.saving.register_keras_serializable(package="mdat")
class SplitStreams(keras.Layer):
    """Splits speech and text that were concatenated along time.

    Args:
        **kwargs: Arguments of `keras.Layer`, such as `name` and `dtype`.

    Call arguments:
        nodes: Tensor of shape `(B, T_s + T_t, U)`.
        speech: Tensor of shape `(B, T_s, D)`; only its length T_s is used.

    Returns:
        Two tensors of shapes `(B, T_s, U)` and `(B, T_t, U)`.

    Example:
    >>> streams = SplitStreams()(keras.ops.ones((2, 10, 8)), keras.ops.ones((2, 7, 16)))
    >>> [keras.ops.shape(stream) for stream in streams]
    [(2, 7, 8), (2, 3, 8)]
    """

    def call(self, nodes: KerasTensor, speech: KerasTensor) -> tuple[KerasTensor, KerasTensor]:
        steps = ops.shape(speech)[1]
        return nodes[:, :steps], nodes[:, steps:]

    def compute_output_shape(
        self, nodes_shape: tuple[int | None, ...], speech_shape: tuple[int | None, ...]
    ) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        batch, nodes, units = nodes_shape
        steps = speech_shape[1]
        rest = None if nodes is None or steps is None else nodes - steps
        return (batch, steps, units), (batch, rest, units)
