"""Measures time, also where a graphics card continues to work after a call has returned."""

import time
from collections.abc import Callable
from typing import Any

import torch


def now() -> float:
    """The time in seconds, read when the graphics card has finished its work."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


def timed(work: Callable[[], Any]) -> float:
    """Duration of a call, in seconds."""
    start = now()
    work()
    return now() - start
