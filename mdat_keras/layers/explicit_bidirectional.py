"""Keras' bidirectional layer, for masks that are passed on by hand."""

from typing import Any

import keras
from keras import KerasTensor


@keras.saving.register_keras_serializable(package="mdat")
class ExplicitBidirectional(keras.layers.Bidirectional):
    """`keras.layers.Bidirectional` that attaches no mask to its output.

    Keras would attach one, and warn at each layer after it that takes its mask as an argument.

    Args:
        layer: The recurrent layer that reads forwards; a copy of it reads backwards.
        **kwargs: Arguments of `keras.layers.Bidirectional`, such as `name` and `dtype`.

    Call arguments:
        sequences: Tensor of shape `(B, T, D)`.
        mask: Boolean tensor of shape `(B, T)`, True where a step is real.

    Returns:
        What `layer` returns, of both directions: with `return_sequences` a tensor of shape
        `(B, T, 2 * U)`.

    Example:
    >>> layer = ExplicitBidirectional(keras.layers.GRU(4, return_sequences=True))
    >>> keras.ops.shape(layer(keras.ops.ones((2, 5, 16))))
    (2, 5, 8)
    """

    def compute_mask(self, sequences: KerasTensor, mask: Any = None) -> None:
        return None
