"""The steps of the features of an utterance, as models read them: their means, their scale."""

import numpy as np

RESOLUTION = 2.0**-12
"""Lowest scale of a feature, as a part of its mean: less than the rounding to float16 explains."""

SMALLEST = 0.01
"""Lowest scale of a feature, as a part of the median of its stream. A feature of another corpus
that is constant here, as an unused column of a text encoder, would be blown up without bound. Those
of logmel, char-ngram and Whisper are at least at 0.06, 0.20 and 0.60 of the median."""


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


def lowest(mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """The floor of the scales of a stream: a feature that varies less is nearly constant.

    It keeps its variation, which is not blown up to that of the others.

    Args:
        mean: Of every feature, (D,).
        variance: Of every feature, (D,).

    Returns:
        (D,); 0 where nothing varies.
    """
    varying = variance[variance > 0]
    median = np.sqrt(np.median(varying)) if varying.size else 0.0
    return np.asarray(np.maximum(RESOLUTION * np.abs(mean), SMALLEST * median))
