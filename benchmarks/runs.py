"""Trainings of mdat-train on a features file: what is not the step, and what memory is saved."""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from reading import write
from trainings import FRAMES
from turns import Contestant

from mdat_extract.config import ExtractSettings

Row = tuple[str, str, str]
"""Question, aim, measured."""

TURNS = 3

ENCODED = 32
"""Recordings that are encoded; all together take that much longer as they are more."""


class Training:
    """Trainings of mdat-train on the features of a file.

    Args:
        path: The features file.
        **options: Of mdat-train.
    """

    def __init__(self, path: Path, **options: Any) -> None:
        from mdat_train.classifiers import backend

        backend.start()
        from choices import configuration

        from mdat_train.classifiers.models import system_of
        from mdat_train.inputs.loading import load

        self.path = path
        config = replace(configuration(**options, patience=2), source=(path,), epochs=2)
        self.material = load(config)
        source = self.material.source
        widths = {"speech_dim": source.speech[0].shape[1], "text_dim": source.text[0].shape[1]}
        self.system: Any = system_of(self.material.config, **widths)
        self.in_step = 0.0
        model = self.system._parts.whole.model
        model.train_function = partial(self._timed, model.train_function)

    def epoch(self, held_out: bool = False) -> tuple[float, float]:
        """Train for two epochs; seconds of the second, and those in the compiled step.

        The features file is no longer in the machine's memory when it begins.

        Args:
            held_out: Test on a fifth of the utterances after each epoch.
        """
        source = self.material.source
        last = len(source) // 5 if held_out else 0
        train, validation = source.of(source.ids[last:]), source.of(source.ids[:last])
        ends = []

        def watch(*_: Any) -> None:
            forget(self.path)
            ends.append((time.perf_counter(), self.in_step))

        self.system.fit(train, validation or None, seed=0, watch=watch)
        (begin, before), (end, after) = ends
        return end - begin, after - before

    def _timed(self, function: Any, data: Any) -> Any:
        begin = time.perf_counter()
        logs = function(data)
        self.in_step += time.perf_counter() - begin
        return logs


def forget(path: Path) -> None:
    """Let the system forget what it holds of a file, so that it is read from the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def outside_the_step(steps: Sequence[int], path: Path) -> Iterator[Row]:
    """Share of an epoch that is not spent in the compiled step."""
    write(path, steps)
    question = "time of an epoch outside the compiled step"
    with Contestant(partial(Training, path, frames=FRAMES)) as training:
        for held_out, what in ((False, ""), (True, ", which tests a fifth of the utterances")):
            epochs = np.array([training("epoch", held_out) for _ in range(TURNS)])
            seconds, in_step = epochs.sum(axis=0)
            yield question + what, "< 10 %", f"{1 - in_step / seconds:.1%}"


def from_the_file(steps: Sequence[int], path: Path) -> Iterator[Row]:
    """Features read anew for every batch against features in memory."""
    payload = sum(f.nbytes for features in write(path, steps) for f in features.values())
    with (
        Contestant(partial(Training, path, memory=0)) as read,
        Contestant(partial(Training, path)) as held,
    ):
        seconds = dict.fromkeys((read, held), 0.0)
        for _ in range(TURNS):
            for way in seconds:
                seconds[way] += way("epoch")[0]
    question = "features read anew for every batch: speed over features in memory"
    yield question, "≥ 0.7", f"{seconds[held] / seconds[read]:.2f}"
    peaks = f"{read.peak:.0f} and {held.peak:.0f} MiB"
    yield "their peak memory", "bounded", f"{peaks}, of which features {payload / 2**20:.0f}"


def ablation_against_encoding(
    steps: Sequence[int], settings: ExtractSettings, path: Path
) -> Iterator[Row]:
    """An ablation from features that are there against one that encodes the recordings again."""
    from mdat_train.classifiers import backend

    backend.start()
    from choices import configuration
    from encoding import Ours

    from mdat_extract.inputs.prepared_corpus import prepare

    ablated = configuration(folds=5)
    write(path, steps)
    with Contestant(partial(Training, path, disable="co")) as training:
        epoch = min(training("epoch")[0] for _ in range(TURNS))
    some = [r.utterance for r in prepare(settings).recordings[:: len(steps) // ENCODED]]
    encode = Ours(settings, "cpu", settings.precision)
    encode(some[:2], path.with_name("first.h5"))
    encoding = encode(some, path.with_name("encoded.h5")) / len(some) * len(steps)
    # Folds learn from four fifths of the utterances each.
    ablation = epoch * ablated.epochs * (ablated.folds - 1)
    yield (
        f"URDU: an ablation ({ablated.epochs} epochs, {ablated.folds} folds, one seed) from the "
        "features over one that encodes again, float32",
        "",
        f"{(encoding + ablation) / ablation:.2f} ({ablation:.0f} s; encoding {encoding:.0f} s)",
    )
