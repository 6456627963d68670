"""How many threads the libraries that compute use: each of them would take every core."""

import os
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import joblib
from threadpoolctl import ThreadpoolController

BLAS = 1
"""Threads of NumPy's and scikit-learn's matrix products. Those of a classifier on pooled features
are small: a second thread gains nothing, and where the cores have other work, threads that wait
for each other made a fit take twenty times as much of the processor's time."""


def threads_of_each(processes: int) -> int:
    """The threads of each of some processes that share the cores of this machine."""
    cores: int = joblib.cpu_count()
    return max(1, cores // processes)


def limit_backend_threads(threads: int) -> None:
    """Limit the threads of TensorFlow in this process; without effect once it has started.

    Keras' other backends have no such setting, or take `OMP_NUM_THREADS`.

    Args:
        threads: Of one operation. Operations follow one another.
    """
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(threads))
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")


def blas_threads_limited() -> AbstractContextManager[Any]:
    """Limit the threads of matrix products outside of Keras' backend."""
    limited: AbstractContextManager[Any] = _libraries().limit(limits=BLAS, user_api="blas")
    return limited


@cache
def _libraries() -> ThreadpoolController:
    """The libraries of this process, which it takes a tenth of a second to find."""
    return ThreadpoolController()
