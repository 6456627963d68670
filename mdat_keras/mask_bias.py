"""The bias that removes masked steps from an attention."""

import numpy as np
from keras import KerasTensor, ops

# Not minus infinity: attention weights stay finite where every step is masked.
LOWEST = float(np.finfo("float32").min)


def mask_bias(mask: KerasTensor) -> KerasTensor:
    """Turn a mask into a bias that is added to attention scores before the softmax.

    Args:
        mask: Boolean tensor of any shape, True where a step is real.

    Returns:
        A float32 tensor of the same shape: 0 where a step is real, the lowest float32 elsewhere.
        The sum of a score and the bias stays finite: float32 rounds it to the bias.

    Example:
    >>> scores = keras.ops.array([[1.0, 1.0, 5.0]])
    >>> weights = keras.ops.softmax(scores + mask_bias(keras.ops.array([[True, True, False]])))
    >>> keras.ops.convert_to_numpy(weights).tolist()
    [[0.5, 0.5, 0.0]]
    """
    return ops.where(mask, 0.0, LOWEST)
