"""Bidirectional recurrent layer for masks that are passed as arguments."""

from typing import Any

import keras
from keras import KerasTensor


@keras.saving.register_keras_serializable(package="mdat")
class ExplicitBidirectional(keras.layers.Bidirectional):
    """`keras.layers.Bidirectional` whose output carries no implicit mask.

    `keras.layers.Bidirectional` attaches its mask to its output. Layers that take their mask as an
    argument then warn.

    Args:
        layer: The recurrent layer of the forward direction; a copy is used backwards.
        **kwargs: Arguments of `keras.layers.Bidirectional`, such as `name` and `dtype`.

    Call arguments:
        sequences: Tensor of shape `(B, T, D)`.
        mask: Boolean tensor of shape `(B, T)`, True where a step is real.

    Returns:
        What `layer` returns, with both directions concatenated: shape `(B, T, 2 * U)` with
        `return_sequences=True`, otherwise `(B, 2 * U)`.

    Example:
    >>> layer = ExplicitBidirectional(keras.layers.GRU(4, return_sequences=True))
    >>> keras.ops.shape(layer(keras.ops.ones((2, 5, 16))))
    (2, 5, 8)
    """

    def compute_mask(self, sequences: KerasTensor, mask: Any = None) -> None:
        return None
