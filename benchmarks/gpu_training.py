"""How fast does MDAT train on a graphics card, through Keras' PyTorch and JAX backends?

    KERAS_BACKEND=torch python benchmarks/gpu_training.py

Random features of the width of XLS-R and XLM-R, with the lengths of EMO-DB and IEMOCAP. Each
variant runs in a process of its own, with its backend. A backend that is not installed is left out;
TensorFlow is not needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from typing import Any

import click
import numpy as np
from lengths import random_selection
from paper_hours import paper_hours
from trainings import FRAMES, KerasTraining
from worker import Worker

SECONDS = {"emodb": (2.8, 0.35), "iemocap": (4.5, 0.6)}
"""Corpus -> mean length in seconds, and standard deviation of its logarithm."""

RATE = 50
"""Speech frames per second."""

COLUMNS = ("how", "corpus", "batch", "utterances/s", "seconds to start")


@dataclass(frozen=True)
class Variant:
    """A backend, and the options of `KerasTraining`."""

    name: str
    backend: str
    options: dict[str, Any] = field(default_factory=dict)


VARIANTS = (
    Variant("PyTorch", "torch"),
    Variant("PyTorch, bfloat16", "torch", {"precision": "bfloat16"}),
    Variant("JAX, both streams padded", "jax", {"xla": True, "fixed": True}),
    Variant(
        "JAX, both streams padded, bfloat16",
        "jax",
        {"xla": True, "fixed": True, "precision": "bfloat16"},
    ),
)


@click.command()
@click.option(
    "--batches", default=20, show_default=True, help="Number of batches of a measurement."
)
@click.option("--sizes", default="16,64", show_default=True, help="Batch sizes.")
def main(batches: int, sizes: str) -> None:
    """Print utterances per second, and the hours that the tables take at the rates of batch 16."""
    click.echo(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for variant in VARIANTS:
        if not find_spec(variant.backend):
            continue
        rates: dict[str, float] = {}
        for corpus, size, rate, start in measured(
            variant, batches, list(map(int, sizes.split(",")))
        ):
            rates.setdefault(corpus, rate)
            click.echo(f"| {variant.name} | {corpus} | {size} | {rate:.0f} | {start:.1f} |")
        hours = {tables: paper_hours(rates, tables) for tables in (("V",), ("II", "IV", "V", "VI"))}
        told = ", ".join(f"{'+'.join(t)}: {h:.2f} h" for t, h in hours.items())
        click.echo(f"MDAT in the paper's tables, {variant.name}, smallest batch: {told}")


def measured(
    variant: Variant, number: int, sizes: list[int]
) -> Iterator[tuple[str, int, float, float]]:
    """Measure a variant; gives corpus, batch size, utterances per second and seconds to start."""
    for corpus, (mean, deviation) in SECONDS.items():
        drawn = np.random.default_rng(0).lognormal(
            np.log(mean) - deviation**2 / 2, deviation, number * max(sizes)
        )
        steps = sorted(int(RATE * seconds) for seconds in drawn.clip(0.5, 30))
        selection = random_selection(steps, frames=FRAMES)
        environment = {"KERAS_BACKEND": variant.backend}
        make = partial(KerasTraining, selection, preset="wide", **variant.options)
        with Worker(make, environment=environment) as worker:
            for size in sizes:
                spread = np.linspace(0, len(steps) - 1, number * size).astype(int)
                rows = np.array_split(spread, number)
                worker("train", rows[-1:])  # the first batch allocates memory and compiles
                start = worker.seconds
                worker("train", rows)
                yield corpus, size, number * size / worker.seconds, start


if __name__ == "__main__":
    main()
