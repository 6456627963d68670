"""Mean and standard deviation over time."""

import keras
from keras import KerasTensor, ops


@keras.saving.register_keras_serializable(package="mdat")
class MaskedStatistics(keras.Layer):
    """Mean and standard deviation over the real steps of a sequence, computed in float32.

        mean = 1/n sum_t x_t
        std  = sqrt(1/n sum_t (x_t - mean)^2)

    The sums are over the n real steps t. As in `numpy.std`, the divisor is n and not n - 1.

    Args:
        **kwargs: Arguments of `keras.Layer`, such as `name` and `dtype`.

    Call arguments:
        sequence: Tensor of shape `(B, T, D)`.
        sequence_mask: Boolean tensor of shape `(B, T)`, True where a step is real.

    Returns:
        Tensor of shape `(B, 2 * D)`: the D means, then the D standard deviations. Zeros for a
        sequence without real steps.

    Example:
    >>> sequence = keras.ops.array([[[1.0], [3.0], [9.0]]])
    >>> mask = keras.ops.array([[True, True, False]])
    >>> keras.ops.convert_to_numpy(MaskedStatistics()(sequence, mask)).tolist()
    [[2.0, 1.0]]
    """

    def call(self, sequence: KerasTensor, sequence_mask: KerasTensor | None = None) -> KerasTensor:
        sequence = ops.cast(sequence, "float32")
        if sequence_mask is None:
            sequence_mask = ops.ones(ops.shape(sequence)[:2], dtype="bool")
        real = ops.cast(sequence_mask, "float32")[:, None]
        count = ops.maximum(ops.sum(real, axis=-1, keepdims=True), 1.0)
        mean = ops.matmul(real, sequence) / count
        # Not E[x^2] - mean^2, which is inaccurate where the mean is large. The rounded mean is a
        # little wrong then too, in another way on each processor: its error, the mean of what is
        # centred, is added (the corrected two-pass algorithm, Chan et al., 1983).
        centred = sequence - mean
        error = ops.matmul(real, centred) / count
        variance = ops.matmul(real, ops.square(centred)) / count - ops.square(error)
        statistics = ops.concatenate([mean + error, _square_root(variance)], axis=-1)
        return ops.cast(statistics[:, 0], self.compute_dtype)

    def compute_output_shape(
        self, sequence_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return sequence_shape[0], 2 * sequence_shape[2]


def _square_root(values: KerasTensor) -> KerasTensor:
    """Take square roots with a gradient of 0, not of infinity, at 0."""
    positive = values > 0
    return ops.where(positive, ops.sqrt(ops.where(positive, values, 1.0)), 0.0)
