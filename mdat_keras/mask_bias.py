"""What a mask adds to the scores of an attention."""

import numpy as np
from keras import KerasTensor, ops

# Not minus infinity: a row whose every step is masked must give finite weights.
LOWEST = float(np.finfo("float32").min)


def mask_bias(mask: KerasTensor) -> KerasTensor:
    """Turn a mask into a bias for scores that go through a softmax.

    Args:
        mask: Boolean tensor of any shape, True where a step is real.

    Returns:
        A float32 tensor of the same shape: 0 where the step is real, the lowest number elsewhere.
        A score added to the lowest number is lost in rounding, so the sum stays finite.

    Example:
    >>> scores = keras.ops.array([[1.0, 1.0, 5.0]])
    >>> weights = keras.ops.softmax(scores + mask_bias(keras.ops.array([[True, True, False]])))
    >>> keras.ops.convert_to_numpy(weights).tolist()
    [[0.5, 0.5, 0.0]]
    """
    return ops.where(mask, 0.0, LOWEST)
