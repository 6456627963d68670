"""Mean over time."""

import keras
from keras import KerasTensor, ops


@keras.saving.register_keras_serializable(package="mdat")
class MaskedMean(keras.Layer):
    """Mean over the real steps of a sequence, computed in float32.

    Args:
        **kwargs: Arguments of `keras.Layer`, such as `name` and `dtype`.

    Call arguments:
        sequence: Tensor of shape `(B, T, D)`.
        sequence_mask: Boolean tensor of shape `(B, T)`, True where a step is real.

    Returns:
        Tensor of shape `(B, D)`; zeros for a sequence without real steps.

    Example:
    >>> sequence = keras.ops.array([[[1.0], [3.0], [9.0]]])
    >>> mask = keras.ops.array([[True, True, False]])
    >>> keras.ops.convert_to_numpy(MaskedMean()(sequence, mask)).tolist()
    [[2.0]]
    """

    def call(self, sequence: KerasTensor, sequence_mask: KerasTensor | None = None) -> KerasTensor:
        sequence = ops.cast(sequence, "float32")
        if sequence_mask is None:
            mean = ops.mean(sequence, axis=1)
        else:
            real = ops.cast(sequence_mask, "float32")
            count = ops.maximum(ops.sum(real, axis=1, keepdims=True), 1.0)
            mean = ops.matmul((real / count)[:, None], sequence)[:, 0]
        return ops.cast(mean, self.compute_dtype)

    def compute_output_shape(
        self, sequence_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return sequence_shape[0], sequence_shape[2]
