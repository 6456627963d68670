"""How many threads the libraries use that compute: each of them would take every core."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController

BLAS = 1
"""Threads of NumPy's and scikit-learn's matrix products. Those of a classifier on pooled features
are small: a second thread gains nothing, and where the cores have other work, threads that wait
for each other made a fit take twenty times as much of the processor's time."""


def blas_threads_limited() -> AbstractContextManager[Any]:
    """Limit the threads of matrix products outside of Keras' backend."""
    limited: AbstractContextManager[Any] = _libraries().limit(limits=BLAS, user_api="blas")
    return limited


@cache
def _libraries() -> ThreadpoolController:
    """The libraries of this process, which takes a tenth of a second to find them."""
    return ThreadpoolController()
