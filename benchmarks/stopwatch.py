"""The time, also where a graphics card works on after a call has returned."""

import time
from collections.abc import Callable
from typing import Any

import torch


def now() -> float:
    """Seconds, when all that a graphics card was told to do is done."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


def timed(work: Callable[[], Any]) -> float:
    """Seconds that it takes."""
    start = now()
    work()
    return now() - start
