"""Trainings on a features file: time outside the compiled step, and memory that is saved.

    python benchmarks/runs.py --emodb corpora/emodb

The command measures the first of them alone.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Unpack

import click
import numpy as np
from lengths import steps_of
from reading import write
from trainings import FRAMES
from worker import Worker

from mdat_extract import ExtractConfig
from mdat_train.config import TrainConfig
from mdat_train.make_config import TrainOptions, make_config

Row = tuple[str, str, str]
"""Question, aim, measured value."""

TURNS = 3

ENCODED = 32
"""Number of recordings that are encoded; the time for the whole corpus is in proportion."""


@click.command()
@click.option("--emodb", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--turns", default=TURNS, show_default=True)
def main(emodb: Path, turns: int) -> None:
    """Print the part of an epoch that is not spent in the compiled step."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "emodb.h5"
        for row in outside_the_step(steps_of("emodb", emodb), path, turns=turns):
            click.echo(f"| {' | '.join(row)} |")


class Training:
    """Trainings of mdat-train on the features of a file.

    Args:
        path: The features file.
        clock: Tells seconds: `time.process_time` those of the processor, whatever else runs.
        **options: Options of mdat-train.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float] = time.perf_counter,
        **options: Unpack[TrainOptions],
    ) -> None:
        from mdat_train.classifiers import backend

        backend.start()
        from mdat_train.classifiers.build import build_classifier
        from mdat_train.classifiers.compiled_models import CompiledModels
        from mdat_train.inputs.loading import load

        self.path, self.clock = path, clock
        data = load(make_config(path, epochs=2, patience=2, **options))
        self.source = data.source
        self.classifier: Any = build_classifier(
            data.config,
            speech_dim=data.source.speech[0].shape[1],
            text_dim=data.source.text[0].shape[1],
            models=CompiledModels(),
        )
        self.in_step = 0.0
        trainable = self.classifier._trainable
        trainable.compile(trainable.whole)  # else the first training does, and makes the function
        model = trainable.whole.model
        model.train_function = partial(self._timed, model.train_function)

    def epoch(self, held_out: bool = False) -> tuple[float, float]:
        """Train for two epochs and measure the second one.

        The features file is no longer in the memory of the operating system when it begins.

        Args:
            held_out: Validate on a fifth of the utterances after each epoch.

        Returns:
            Seconds of the epoch, and seconds in the compiled step.
        """
        last = len(self.source) // 5 if held_out else 0
        ids = self.source.ids
        train, validation = self.source.of(ids[last:]), self.source.of(ids[:last])
        ends = []

        def callback(*_: Any) -> None:
            forget(self.path)
            ends.append((self.clock(), self.in_step))

        self.classifier.fit(train, validation or None, seed=0, callback=callback)
        (begin, before), (end, after) = ends
        return end - begin, after - before

    def _timed(self, function: Any, data: Any) -> Any:
        begin = self.clock()
        logs = function(data)
        self.in_step += self.clock() - begin
        return logs


def forget(path: Path) -> None:
    """Make the operating system drop its copy of a file in memory, so that it reads the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def outside_the_step(steps: Sequence[int], path: Path, *, turns: int = TURNS) -> Iterator[Row]:
    """Fraction of an epoch that is not spent in the compiled step, in time of the processor."""
    write(path, steps)
    question = "time of an epoch outside the compiled step"
    with Worker(partial(Training, path, frames=FRAMES, clock=time.process_time)) as training:
        for held_out, what in ((False, ""), (True, ", with validation on a fifth")):
            epochs = np.array([training("epoch", held_out) for _ in range(turns)])
            seconds, in_step = epochs.sum(axis=0)
            yield question + what, "< 10 %", f"{1 - in_step / seconds:.1%}"


def from_the_file(steps: Sequence[int], path: Path) -> Iterator[Row]:
    """Features that are read for every batch, compared with features in memory."""
    payload = sum(f.nbytes for features in write(path, steps) for f in features.values())
    with (
        Worker(partial(Training, path, memory=0)) as read,
        Worker(partial(Training, path)) as in_memory,
    ):
        seconds = dict.fromkeys((read, in_memory), 0.0)
        for _ in range(TURNS):
            for training in seconds:
                seconds[training] += training("epoch")[0]
    question = "features read for every batch: speed over features in memory"
    yield question, "≥ 0.7", f"{seconds[in_memory] / seconds[read]:.2f}"
    peaks = f"{read.peak:.0f} and {in_memory.peak:.0f} MiB"
    yield "their peak memory", "bounded", f"{peaks}, of which features {payload / 2**20:.0f}"


def ablation_against_encoding(
    steps: Sequence[int], config: ExtractConfig, path: Path
) -> Iterator[Row]:
    """An ablation on existing features, compared with one that encodes the recordings again."""
    from encoding import Extraction

    from mdat_extract.inputs.prepared_corpus import prepare

    ablated = TrainConfig(source=(path,), disable=("co",))
    write(path, steps)
    with Worker(partial(Training, path, disable=ablated.disable)) as training:
        epoch = min(training("epoch")[0] for _ in range(TURNS))
    some = [r.utterance for r in prepare(config).recordings[:: len(steps) // ENCODED]]
    encode = Extraction(config, "cpu", config.precision)
    encode(some[:2], path.with_name("first.h5"))
    encoding = encode(some, path.with_name("encoded.h5")) / len(some) * len(steps)
    # Each fold is trained on four fifths of the utterances.
    ablation = epoch * ablated.epochs * (ablated.folds - 1)
    yield (
        f"URDU: an ablation ({ablated.epochs} epochs, {ablated.folds} folds, one seed) from the "
        "features over one that encodes again, float32",
        "",
        f"{(encoding + ablation) / ablation:.2f} ({ablation:.0f} s; encoding {encoding:.0f} s)",
    )


if __name__ == "__main__":
    main()
