"""mdat-extract and a naive loop, in turns: a busy machine slows both of them alike."""

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

from mdat_data import Utterance, open_features
from mdat_extract import ExtractConfig, encode
from mdat_extract.config import NONE
from mdat_extract.encoders import speech_encoder, text_encoder

SIDE = 8192
"""Side of the square matrices whose product gives the rate that the machine can reach."""


class Extraction:
    """mdat-extract, with models that are loaded once. It stores float32, for the comparison.

    Args:
        config: The configuration, except for device, precision and type of the stored features.
        device: The device of the models.
        precision: Precision of the computation.

    Attributes:
        layers: Names of the speech layers.
        in_models: Seconds spent in the models so far.
    """

    def __init__(self, config: ExtractConfig, device: str, precision: str) -> None:
        how = {"device": device, "precision": precision}
        self.config = replace(config, root=None, store="float32", **how)
        speech: Any = speech_encoder(config.speech_encoder, layers=config.speech_layer, **how)
        text: Any = None
        if config.text_encoder != NONE:
            text = text_encoder(config.text_encoder, layers=config.text_layer, **how)
        self.encoder = speech
        self.layers: tuple[str, ...] = speech.layers
        self._loaded = {
            "speech_encoder": lambda *_, **__: speech,
            "text_encoder": lambda *_, **__: text,
        }
        self.in_models = 0.0
        for module in [part for encoder in (speech, text) if encoder for part in parts(encoder)]:
            module.register_forward_pre_hook(self._enter)
            module.register_forward_hook(self._leave)

    def __call__(self, utterances: Sequence[Utterance], out: Path) -> float:
        """Encode the utterances; returns the seconds of encoding and writing."""
        manifest = write_manifest(out.with_suffix(".csv"), utterances)
        config = replace(self.config, corpus=manifest, out=out)
        with patch.multiple(encode, **self._loaded):
            return encode.extract(config).elapsed

    def outside(self, utterances: Sequence[Utterance], out: Path) -> float:
        """Fraction of the time that is not spent in the models, writing included."""
        before = self.in_models
        elapsed = self(utterances, out)
        return 1 - (self.in_models - before) / elapsed

    def _enter(self, *_: Any) -> None:
        self.in_models -= now()

    def _leave(self, *_: Any) -> None:
        self.in_models += now()


def parts(encoder: Any) -> list[torch.nn.Module]:
    """The modules of an encoder that are its model."""
    model = encoder._model
    alone = isinstance(model, torch.nn.Module)
    return [model] if alone else [model.convolutions, model.transformer]


Variants = Mapping[str, NaiveLoop | Extraction]
"""`loop`, `float32` and, where the machine has it, `bfloat16`."""


@dataclass(frozen=True)
class Comparison:
    """Times and errors of the variants.

    Attributes:
        seconds: Variant -> seconds.
        errors: Precision -> relative error of every layer of every utterance: of float32 against
            the loop, of bfloat16 against float32.
    """

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    errors: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def compare(blocks: Sequence[Sequence[Utterance]], variants: Variants, folder: Path) -> Comparison:
    """Encode every block with each variant; the order of the variants alternates.

    Args:
        blocks: Utterances that one variant encodes before the next variant has its turn.
        variants: The variants by name.
        folder: Folder for the files, which are removed.

    Returns:
        Times and errors.
    """
    result = Comparison()
    for number, block in enumerate(blocks):
        files = {name: folder / f"{number}-{name}.h5" for name in variants}
        for name in list(variants)[:: 1 - 2 * (number % 2)]:
            result.seconds[name] += variants[name](block, files[name])
        for reference, name in (("loop", "float32"), ("float32", "bfloat16")):
            if name in variants:
                result.errors[name] += errors(files[reference], files[name])
        [file.unlink() for file in files.values()]
    return result


def errors(expected: Path, got: Path) -> list[float]:
    """Relative error of every layer of every utterance."""
    reference = {(id, layer): rows for id, layer, rows in stored(expected)}
    return [
        float(np.linalg.norm(rows - reference[id, layer]) / np.linalg.norm(reference[id, layer]))
        for id, layer, rows in stored(got)
    ]


def stored(path: Path) -> Iterator[tuple[str, str, np.ndarray]]:
    """Id, layer and speech features in a file of the loop or of mdat-extract."""
    with h5py.File(path) as file:
        if "format" not in file.attrs:
            yield from ((id, layer, file[id][layer][:]) for id in file for layer in file[id])
            return
    with open_features(path) as features:
        for id in features:
            yield from ((id, layer, rows) for layer, rows in features[id].speech.items())


def write_manifest(path: Path, utterances: Sequence[Utterance], *, times: int = 1) -> Path:
    """Write a manifest of utterances for mdat-extract, several times under new ids."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "audio", "emotion", "speaker", "language"])
        for copy in range(times):
            for u in utterances:
                id = f"{u.id}-{copy}" if copy else u.id
                table.writerow([id, u.audio.resolve(), u.emotion, u.speaker, u.language])
    return path


def operations(loop: NaiveLoop, utterances: Sequence[Utterance], out: Path) -> int:
    """Number of floating-point operations that the loop's model needs for the utterances."""
    with FlopCounterMode(display=False) as counter:
        loop(utterances, out)
    return int(counter.get_total_flops())


def matrix_rate(device: str, precision: str, *, repeats: int = 10) -> float:
    """Floating-point operations per second in a product of square matrices."""
    a = torch.ones(SIDE, SIDE, device=device, dtype=getattr(torch, precision))
    a @ a
    seconds = timed(lambda: [a @ a for _ in range(repeats)])
    return 2 * SIDE**3 * repeats / seconds
