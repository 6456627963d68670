"""Features that stay in their file until they are used."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Deferred:
    """Features of one utterance that take no memory: they are read or computed at every use.

    numpy takes it as an array.

    Args:
        make: Reads or computes the features.
        shape: (T, D), the shape of the result.
        dtype: Type of the result.

    Example:
        >>> features = Deferred(lambda: np.ones((3, 2)), shape=(3, 2), dtype=np.dtype("float64"))
        >>> len(features), features.nbytes, float(np.sum(features))
        (3, 48, 6.0)
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
        """Memory in bytes that the features take as an array."""
        return self.shape[0] * self.shape[1] * self.dtype.itemsize


Features = np.ndarray | Deferred
"""Features (T, D) of one utterance."""
