"""Features that are read when they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Deferred:
    """Features of one utterance that take no memory: numpy makes them anew at every use.

    Args:
        make: Reads or computes them.
        shape: (T, D) of what it makes.
        dtype: Of what it makes.

    Example:
    >>> features = Deferred(lambda: np.ones((3, 2)), shape=(3, 2), dtype=np.dtype("float64"))
    >>> len(features), features.nbytes, np.sum(features)
    (3, 48, np.float64(6.0))
    """

    make: Callable[[], np.ndarray]
    shape: tuple[int, int]
    dtype: np.dtype

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self.make(), dtype)

    @property
    def nbytes(self) -> int:
        """Memory that they take once they are made."""
        return self.shape[0] * self.shape[1] * self.dtype.itemsize


Features = np.ndarray | Deferred
"""Features (T, D) of one utterance."""
