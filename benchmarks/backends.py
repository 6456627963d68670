"""How fast Keras trains MDAT on its backends, and what a batch of a new shape costs.

    python benchmarks/backends.py

Random features as wide as XLS-R's and XLM-R's, by turns, each backend in a process of its own.
Those that are not installed are left out.
"""

from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from lengths import random_selection
from trainings import Ours
from turns import Contestant

BATCH, FRAMES, NEW, TURNS, STEPS = 16, 128, 120, 4, 4
WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "TensorFlow": ("tensorflow", {}),
    "TensorFlow, Keras' attention": ("tensorflow", {"einsum": True}),
    "TensorFlow, bfloat16": ("tensorflow", {"policy": "mixed_bfloat16"}),
    "TensorFlow with XLA": ("tensorflow", {"xla": True}),
    "JAX": ("jax", {"xla": True}),
    "PyTorch": ("torch", {}),
}
"""Keras' name of the backend, and how."""


def main() -> None:
    """Print a table."""
    selection = random_selection([FRAMES] * BATCH + [NEW] * BATCH, frames=FRAMES)
    usual, new = np.arange(BATCH), np.arange(BATCH, 2 * BATCH)
    with ExitStack() as stack:
        ways = {
            name: stack.enter_context(
                Contestant(partial(Ours, selection, **how), environment={"KERAS_BACKEND": backend})
            )
            for name, (backend, how) in WAYS.items()
            if find_spec(backend)
        }
        seconds, first = dict.fromkeys(ways, 0.0), {}
        for way in ways.values():
            way("train", [usual])
        for name, way in [*ways.items()] * TURNS:
            way("train", [usual] * STEPS)
            seconds[name] += way.seconds
        for name, way in ways.items():
            way("train", [new])
            first[name] = way.seconds
    print("| backend | utterances a second | seconds of a batch of a new shape |\n|---|---:|---:|")
    for name, of_way in seconds.items():
        rate = TURNS * STEPS * BATCH / of_way
        print(f"| {name} | {rate:.0f} | {first[name]:.2f} |")


if __name__ == "__main__":
    main()
