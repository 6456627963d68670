"""Standardisation of features with statistics that are saved in the model."""

from typing import Any

import keras
from keras import KerasTensor, ops


@keras.saving.register_keras_serializable(package="mdat")
class Standardize(keras.Layer):
    """Standardises each feature: `(x - mean) / scale`.

    `mean` and `scale` are weights that are not trained. They start as 0 and 1, are set with
    `set_statistics` and are saved with the model. They are float32 under every dtype policy, and so
    is the computation.

    Args:
        **kwargs: Arguments of `keras.Layer`, such as `name` and `dtype`.

    Call arguments:
        features: Tensor of shape `(..., D)`, such as `(B, T, D)`.

    Returns:
        Tensor of the same shape.

    Example:
    >>> layer = Standardize()
    >>> layer.build((None, None, 2))
    >>> layer.set_statistics(mean=[1.0, 1.0], scale=[1.0, 2.0])
    >>> keras.ops.convert_to_numpy(layer(keras.ops.array([[[3.0, 5.0]]]))).tolist()
    [[[2.0, 2.0]]]
    """

    def __init__(self, **kwargs: Any) -> None:
        # Neither features nor weights may be rounded before the mean is subtracted.
        super().__init__(autocast=False, **kwargs)

    def build(self, features_shape: tuple[int | None, ...]) -> None:
        kind = {"dtype": "float32", "autocast": False, "trainable": False}
        shape = features_shape[-1:]
        self.mean = self.add_weight(name="mean", shape=shape, initializer="zeros", **kind)
        self.scale = self.add_weight(name="scale", shape=shape, initializer="ones", **kind)

    def call(self, features: KerasTensor) -> KerasTensor:
        centred = ops.cast(features, "float32") - self.mean
        return ops.cast(centred / self.scale, self.compute_dtype)

    def compute_output_shape(
        self, features_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return features_shape

    def set_statistics(self, mean: Any, scale: Any) -> None:
        """Set `mean` and `scale`.

        Args:
            mean: Array of shape `(D,)`.
            scale: Array of shape `(D,)`, usually standard deviations. 0, of a feature that never
                varies, is replaced by 1.

        Raises:
            ValueError: If a shape is not `(D,)`, or a scale is negative or not a number.
        """
        scale = ops.convert_to_tensor(scale, dtype="float32")
        if not ops.all(scale >= 0):
            raise ValueError("scale must hold numbers of at least 0; got a negative number or NaN.")
        self.mean.assign(mean)
        self.scale.assign(ops.where(scale == 0, 1.0, scale))
