"""The steps of the features of an utterance, as models read them."""

import numpy as np


def averaged(rows: np.ndarray, stride: int) -> np.ndarray:
    """Average neighbouring steps; at the end those that are left.

    Args:
        rows: (T, D).
        stride: Number of steps that become one.

    Returns:
        (T / stride rounded up, D), of the same type.

    Example:
        >>> averaged(np.array([[1.0], [3.0], [8.0]]), 2).tolist()
        [[2.0], [8.0]]
    """
    if stride == 1:
        return rows
    starts = np.arange(0, len(rows), stride)
    sums = np.add.reduceat(rows, starts, axis=0, dtype=np.float32)
    counts = np.minimum(len(rows) - starts, stride)
    return np.asarray(sums / counts[:, None], rows.dtype)
