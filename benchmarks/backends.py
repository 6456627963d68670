"""How fast Keras trains MDAT on its backends, and how long a batch of a new shape takes.

    python benchmarks/backends.py

Random features of the width of XLS-R and XLM-R. The backends take turns, each in a process of its
own. Backends that are not installed are left out.
"""

from contextlib import ExitStack
from functools import partial
from importlib.util import find_spec
from typing import Any

import click
import numpy as np
from lengths import random_selection
from trainings import KerasTraining
from worker import Worker

BATCH, FRAMES, NEW, TURNS, STEPS = 16, 128, 120, 4, 4
"""Batch size; frames of the usual batch and of the batch of a new shape; turns, and the steps of
each turn."""

VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "TensorFlow": ("tensorflow", {}),
    "TensorFlow, Keras' attention": ("tensorflow", {"einsum": True}),
    "TensorFlow, bfloat16": ("tensorflow", {"precision": "bfloat16"}),
    "TensorFlow with XLA": ("tensorflow", {"xla": True}),
    "JAX": ("jax", {"xla": True}),
    "PyTorch": ("torch", {}),
}
"""Keras' name of the backend, and the options of `KerasTraining`."""


@click.command()
def main() -> None:
    """Print the training speed of Keras' backends."""
    selection = random_selection([FRAMES] * BATCH + [NEW] * BATCH, frames=FRAMES)
    usual, new = np.arange(BATCH), np.arange(BATCH, 2 * BATCH)
    with ExitStack() as stack:
        workers = {
            name: stack.enter_context(
                Worker(
                    partial(KerasTraining, selection, preset="wide", **options),
                    environment={"KERAS_BACKEND": backend},
                )
            )
            for name, (backend, options) in VARIANTS.items()
            if find_spec(backend)
        }
        seconds, first = dict.fromkeys(workers, 0.0), {}
        for worker in workers.values():
            worker("train", [usual])
        for name, worker in [*workers.items()] * TURNS:
            worker("train", [usual] * STEPS)
            seconds[name] += worker.seconds
        for name, worker in workers.items():
            worker("train", [new])
            first[name] = worker.seconds
    click.echo("| backend | utterances per second | seconds for a batch of a new shape |")
    click.echo("|---|---:|---:|")
    for name, of_backend in seconds.items():
        rate = TURNS * STEPS * BATCH / of_backend
        click.echo(f"| {name} | {rate:.0f} | {first[name]:.2f} |")


if __name__ == "__main__":
    main()
