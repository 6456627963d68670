"""Statistics of the training features, kept inside the model."""

from typing import Any

import keras
from keras import KerasTensor, ops


@keras.saving.register_keras_serializable(package="mdat")
class Standardize(keras.Layer):
    """Brings each feature to a common scale: `(x - mean) / scale`.

    `mean` and `scale` are weights that no gradient moves: they are saved with the model and can be
    exchanged, for another corpus, by `set_statistics`. At the start they are 0 and 1. They are
    float32 under every dtype policy, as is the computation.

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

    def set_statistics(self, mean: Any, scale: Any) -> None:
        """Set what is subtracted and what is divided by.

        Args:
            mean: Array of shape `(D,)`.
            scale: Array of shape `(D,)`, usually the standard deviations. A feature that never
                varies (0) is divided by 1.

        Raises:
            ValueError: If the shapes are not `(D,)`, or a scale is negative or not a number.
        """
        scale = ops.convert_to_tensor(scale, dtype="float32")
        if not ops.all(scale >= 0):
            raise ValueError("scale must hold numbers that are not negative; got others as well.")
        self.mean.assign(mean)
        self.scale.assign(ops.where(scale == 0, 1.0, scale))
