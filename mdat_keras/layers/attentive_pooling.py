"""Weighted mean over time with learned weights."""

from typing import Any

import keras
from keras import KerasTensor, ops

from mdat_keras.mask_bias import mask_bias


@keras.saving.register_keras_serializable(package="mdat")
class AttentivePooling(keras.Layer):
    """Weighted mean over the real steps of a sequence.

        w_t = softmax_t(a . x_t + b)        over the real steps t, in float32
        p   = sum_t w_t x_t

    The vector a and the number b are trained.

    Args:
        **kwargs: Arguments of `keras.Layer`, such as `name` and `dtype`.

    Call arguments:
        sequence: Tensor of shape `(B, T, D)`.
        sequence_mask: Boolean tensor of shape `(B, T)`, True where a step is real.

    Returns:
        Tensor of shape `(B, D)`.

    Example:
    >>> keras.ops.shape(AttentivePooling()(keras.ops.ones((2, 5, 16))))
    (2, 16)
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.score = keras.layers.Dense(1, dtype=self.dtype_policy, name="score")

    def build(self, sequence_shape: tuple[int | None, ...]) -> None:
        self.score.build(sequence_shape)

    def call(self, sequence: KerasTensor, sequence_mask: KerasTensor | None = None) -> KerasTensor:
        scores = ops.cast(self.score(sequence)[:, :, 0], "float32")
        if sequence_mask is not None:
            scores = scores + mask_bias(sequence_mask)
        weights = ops.cast(ops.softmax(scores, axis=-1), sequence.dtype)
        return ops.matmul(weights[:, None], sequence)[:, 0]

    def compute_output_shape(
        self, sequence_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return sequence_shape[0], sequence_shape[2]
