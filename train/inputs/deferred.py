"""Features that stay in their file until they are used, and what is computed of them once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Deferred:
    """Features of one utterance that are read or computed at every use, or are in memory.

    numpy takes it as an array.

    Args:
        make: Gives the features.
        shape: (T, D), the shape of the result.
        dtype: Type of the result.
        memo: What was computed of these features. All that stand for the same features share it.
        pool: Gives their `moments` without making them, where that is possible.

    Example:
        >>> features = Deferred(lambda: np.ones((3, 2)), shape=(3, 2), dtype=np.dtype("float64"))
        >>> len(features), features.nbytes, float(np.sum(features))
        (3, 48, 6.0)
    """

    make: Callable[[], np.ndarray]
    shape: tuple[int, int]
    dtype: np.dtype
    memo: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    pool: Callable[[], np.ndarray] | None = None

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self.make(), dtype)

    @property
    def nbytes(self) -> int:
        """Memory in bytes that the features take as an array."""
        return self.shape[0] * self.shape[1] * self.dtype.itemsize

    def in_memory(self) -> "Deferred":
        """The same features, made for the last time."""
        array = np.asarray(self)
        return replace(self, make=lambda: array)


Features = np.ndarray | Deferred
"""Features (T, D) of one utterance."""

MOMENTS = (np.mean, np.std)
"""What is computed of each feature over time for models that have no steps."""


def moments(features: Features) -> np.ndarray:
    """Compute mean and standard deviation over time, where features have a memo only once.

    Args:
        features: (T, D).

    Returns:
        (2, D) float64.

    Example:
        >>> moments(np.array([[0.0, 5.0], [2.0, 5.0]])).tolist()
        [[1.0, 5.0], [1.0, 0.0]]
    """
    memo = features.memo if isinstance(features, Deferred) else {}
    if "moments" not in memo:
        if isinstance(features, Deferred) and features.pool:
            memo["moments"] = features.pool()
        else:
            rows = np.asarray(features)
            memo["moments"] = np.stack([moment(rows, axis=0, dtype=float) for moment in MOMENTS])
    return memo["moments"]
