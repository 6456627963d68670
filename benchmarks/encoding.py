"""mdat-extract and the loop that everybody writes, in turns: a busy machine slows both alike."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import h5py
import numpy as np
import torch
from naive_loop import NaiveLoop
from stopwatch import now, timed
from torch.utils.flop_counter import FlopCounterMode

from mdat_data import Utterance
from mdat_data.cache import open_features
from mdat_extract import pipeline
from mdat_extract.config import ExtractSettings
from mdat_extract.encoders import speech_encoder, text_encoder

SIDE = 8192
"""Of the square matrices by which the achievable rate is measured."""


class Ours:
    """mdat-extract, with models that are loaded once. It stores float32, to be compared.

    Args:
        settings: All but device and precision.
        device: Where it computes.
        precision: Of the computation.

    Attributes:
        in_models: Seconds spent in them so far.
    """

    def __init__(self, settings: ExtractSettings, device: str, precision: str) -> None:
        how = {"device": device, "precision": precision}
        self.settings = replace(settings, root=None, store="float32", **how)
        speech: Any = speech_encoder(settings.speech_encoder, layers=settings.speech_layer, **how)
        text: Any = text_encoder(settings.text_encoder, layers=settings.text_layer, **how)
        self.layers: tuple[str, ...] = speech.layers
        self.loaded = {"speech_encoder": lambda *_, **__: speech}
        self.loaded |= {"text_encoder": lambda *_, **__: text}
        self.in_models = 0.0
        for module in (speech._model, speech._convolutions, text._model):
            module.register_forward_pre_hook(self._enter)
            module.register_forward_hook(self._leave)

    def __call__(self, utterances: Sequence[Utterance], out: Path) -> float:
        """Encode the utterances; the seconds of encoding and writing."""
        corpus = write_manifest(out.with_suffix(".csv"), utterances)
        with patch.multiple(pipeline, **self.loaded):
            return pipeline.extract(replace(self.settings, corpus=str(corpus), out=out)).elapsed

    def outside(self, utterances: Sequence[Utterance], out: Path) -> float:
        """Share of the time that is not spent in the models, writing included."""
        before = self.in_models
        elapsed = self(utterances, out)
        return 1 - (self.in_models - before) / elapsed

    def _enter(self, *_: Any) -> None:
        self.in_models -= now()

    def _leave(self, *_: Any) -> None:
        self.in_models += now()


@dataclass(frozen=True)
class Contest:
    """What came of a contest.

    Attributes:
        seconds: Of the loop and of each precision of ours.
        errors: Of each precision, the relative error of every layer of every utterance: of float32
            against the loop, of bfloat16 against float32.
    """

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    errors: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def hold_contest(
    blocks: Sequence[Sequence[Utterance]], ways: Mapping[str, NaiveLoop | Ours], folder: Path
) -> Contest:
    """Encode every block in each way: the loop and each precision of ours, first and last in turn.

    Args:
        blocks: Utterances that are encoded one way before they are encoded the next.
        ways: `loop`, `float32` and, where the machine has it, `bfloat16`.
        folder: For the files.
    """
    result = Contest()
    for number, block in enumerate(blocks):
        files = {name: folder / f"{number}-{name}.h5" for name in ways}
        for name in list(ways)[:: 1 - 2 * (number % 2)]:
            result.seconds[name] += ways[name](block, files[name])
        for reference, name in (("loop", "float32"), ("float32", "bfloat16")):
            if name in ways:
                result.errors[name] += errors(files[reference], files[name])
        [file.unlink() for file in files.values()]
    return result


def errors(expected: Path, came: Path) -> list[float]:
    """Relative error of every layer of every utterance."""
    reference = {(u, layer): rows for u, layer, rows in stored(expected)}
    return [
        float(np.linalg.norm(rows - reference[u, layer]) / np.linalg.norm(reference[u, layer]))
        for u, layer, rows in stored(came)
    ]


def stored(path: Path) -> Iterator[tuple[str, str, np.ndarray]]:
    """Id, layer and speech features of what the loop or mdat-extract has written."""
    with h5py.File(path) as file:
        if "format" not in file.attrs:
            yield from ((u, layer, file[u][layer][:]) for u in file for layer in file[u])
            return
    with open_features(path) as cache:
        for row, utterance in enumerate(cache.utterances):
            for layer in cache.provenance.speech.layers:
                yield utterance.id, layer, cache.read("speech", layer, row)


def write_manifest(path: Path, utterances: Sequence[Utterance], *, times: int = 1) -> Path:
    """List utterances for mdat-extract, several times under new ids."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "audio", "emotion", "speaker", "language"])
        for copy in range(times):
            for u in utterances:
                table.writerow(
                    [f"{u.id}-{copy}" if copy else u.id, u.audio.resolve()]
                    + [u.emotion, u.speaker, u.language]
                )
    return path


def operations(loop: NaiveLoop, utterances: Sequence[Utterance], out: Path) -> int:
    """Floating-point operations that the loop's model needs for the utterances."""
    with FlopCounterMode(display=False) as counter:
        loop(utterances, out)
    return int(counter.get_total_flops())


def matrix_rate(device: str, precision: str, *, repeats: int = 10) -> float:
    """Floating-point operations a second in a product of square matrices."""
    a = torch.ones(SIDE, SIDE, device=device, dtype=getattr(torch, precision))
    a @ a
    seconds = timed(lambda: [a @ a for _ in range(repeats)])
    return 2 * SIDE**3 * repeats / seconds
