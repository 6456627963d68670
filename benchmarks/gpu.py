"""How fast are the speech encoders on a graphics card? Models of true size with random weights.

Against the loop that everybody writes: one recording at a time. No files and no network; it needs
numpy, torch, transformers and click, and no audio library. From a checkout that is not installed:

    mkdir -p links && for name in data extract; do ln -sfn ../$name links/mdat_$name; done
    PYTHONPATH=links python benchmarks/gpu.py

python benchmarks/gpu.py --tiny is the same in small, for a machine without a graphics card.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
import transformers
from random_models import whisper_large_v3, xls_r_300m
from stopwatch import now
from torch.utils.flop_counter import FlopCounterMode
from transformers import Wav2Vec2FeatureExtractor, Wav2Vec2Model, WhisperFeatureExtractor
from transformers.models.whisper.modeling_whisper import WhisperEncoder

from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders.locate import Pretrained
from mdat_extract.encoders.wav2vec2 import Wav2Vec2
from mdat_extract.encoders.whisper import Whisper
from mdat_extract.inputs.batch_plan import plan_batches

TINY = {"hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 2}
TINY |= {"conv_dim": (16,) * 7, "num_conv_pos_embeddings": 16, "intermediate_size": 128}
TINY_WHISPER = {"d_model": 64, "encoder_layers": 4, "encoder_attention_heads": 2}
TINY_WHISPER |= {"encoder_ffn_dim": 128}

LENGTHS = {"EMO-DB": (2.8, 0.35), "IEMOCAP": (4.5, 0.6)}
"""Corpus -> mean length in seconds, and standard deviation of its logarithm."""
BATCH_SECONDS = (60, 480)
"""The first is the default of mdat-extract."""
PRECISIONS = ("float32", "bfloat16")
COMPARED = 8
"""Number of clips whose features are compared, and whose operations are counted."""

COLUMNS = ("model", "clips", "how", "utterances/s", "× the float32 loop", "of the matrix rate")
COLUMNS += ("outside the model", "peak GB", "error", "s since start")


@dataclass(frozen=True)
class Model:
    """A model that can be made any number of times, always with the same random weights."""

    name: str
    encoder: Any
    kind: Any
    config: Any
    extractor: Any
    clips: int

    def make(self, device: str) -> Any:
        """Make the model of the transformers library."""
        torch.manual_seed(0)
        with torch.device(device):
            return self.kind(self.config).eval().to(device)  # some weights are made on the CPU

    def encoding(self, device: str, precision: str) -> Any:
        """Make our encoder, with its default layers."""
        source = Pretrained(name=self.name, revision="random", folder=Path())
        return self.encoder(
            source, self.extractor, self.make(device), layers=self.layers, precision=precision
        )

    @property
    def layers(self) -> tuple[str, ...]:
        """The middle of the model and its last layer."""
        return (str(self.config.num_hidden_layers // 2), "last")


def models(tiny: bool) -> list[Model]:
    """XLS-R-300M and Whisper-large-v3, or tiny ones of their structure."""
    xls_r, whisper = xls_r_300m(), whisper_large_v3()
    if tiny:
        xls_r.update(TINY)
        whisper.update(TINY_WHISPER)
    heard = Wav2Vec2FeatureExtractor(return_attention_mask=False)
    mel = WhisperFeatureExtractor(feature_size=whisper.num_mel_bins)
    few = COMPARED if tiny else None
    return [
        Model("XLS-R-300M", Wav2Vec2, Wav2Vec2Model, xls_r, heard, few or 256),
        Model("Whisper-large-v3", Whisper, WhisperEncoder, whisper, mel, few or 96),
    ]


@click.command()
@click.option("--tiny", is_flag=True, help="Tiny models and few clips, on a CPU too.")
def main(tiny: bool) -> None:
    """Print a table of speeds. Each row is printed when it is measured."""
    start = time.monotonic()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    name = torch.cuda.get_device_name() if device == "cuda" else device
    click.echo(f"{name}, torch {torch.__version__}, transformers {transformers.__version__}")
    rates = {p: matrix_rate(device, p, side=512 if tiny else 8192) for p in PRECISIONS}
    click.echo(", ".join(f"{p}: {rate / 1e12:.1f} TFLOP/s" for p, rate in rates.items()))
    click.echo(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for model in models(tiny):
        for corpus in LENGTHS:
            for row in rows(model, corpus, device, rates):
                click.echo(f"| {' | '.join(row)} | {time.monotonic() - start:.0f} |")


def rows(model: Model, corpus: str, device: str, rates: Mapping[str, float]) -> Iterator[list[str]]:
    """Measure the loop and our encoder on clips with the lengths of a corpus."""
    clips = waveforms(corpus, model.clips)
    some = clips[:: len(clips) // COMPARED][:COMPARED]
    loop = Loop(model, device)
    needed = loop.operations(some) * len(clips) / len(some)
    loop_seconds = {p: loop.seconds(clips, p) for p in PRECISIONS}
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
        expected = loop(some, "float32")
    del loop
    for precision, seconds in loop_seconds.items():
        told = [model.name, corpus, f"loop, {precision}"]
        speed = loop_seconds["float32"] / seconds
        share = needed / seconds / rates[precision]
        yield [*told, f"{len(clips) / seconds:.1f}", f"{speed:.2f}", f"{share:.0%}", "", "", ""]
    for precision in PRECISIONS:
        encoder = model.encoding(device, precision)
        error = largest_error(expected, encoder.encode(some))
        for batch_seconds in BATCH_SECONDS:
            batches = planned(clips, batch_seconds)
            if device == "cuda":
                torch.cuda.reset_peak_memory_stats()
            seconds = min(encoding_seconds(encoder, batches) for _ in range(2))
            peak = peak_gigabytes(device)
            yield [
                *(model.name, corpus, f"ours, {precision}, {batch_seconds} s"),
                f"{len(clips) / seconds:.1f}",
                f"{loop_seconds['float32'] / seconds:.2f}",
                f"{needed / seconds / rates[precision]:.0%}",
                f"{outside(encoder, batches):.1%}",
                f"{peak:.1f}",
                f"{error:.1e}",
            ]


class Loop:
    """The loop that everybody writes. In bfloat16 it is the same under autocast."""

    def __init__(self, model: Model, device: str) -> None:
        self.model, self.layers = model.make(device), model.layers
        self.extractor, self.device = model.extractor, device

    def __call__(self, clips: Sequence[np.ndarray], precision: str) -> list[dict[str, np.ndarray]]:
        """Encode clips one by one."""
        return [self._encode(clip, precision) for clip in clips]

    def seconds(self, clips: Sequence[np.ndarray], precision: str) -> float:
        """Duration for all clips; a few are encoded before."""
        self(clips[::40], precision)
        start = now()
        self(clips, precision)
        return now() - start

    def operations(self, clips: Sequence[np.ndarray]) -> int:
        """Number of floating-point operations."""
        with FlopCounterMode(display=False) as counter:
            self(clips, "float32")
        return int(counter.get_total_flops())

    def _encode(self, clip: np.ndarray, precision: str) -> dict[str, np.ndarray]:
        inputs = self.extractor(clip, sampling_rate=SAMPLING_RATE, return_tensors="pt")
        bfloat16 = torch.autocast(self.device, torch.bfloat16, enabled=precision == "bfloat16")
        with torch.no_grad(), bfloat16:
            output = self.model(**inputs.to(self.device), output_hidden_states=True)
        states = dict(enumerate(output.hidden_states))
        taken = {
            n: output.last_hidden_state if n == "last" else states[int(n)] for n in self.layers
        }
        return {layer: state[0].cpu().float().numpy() for layer, state in taken.items()}


def waveforms(corpus: str, number: int) -> list[np.ndarray]:
    """Noise with the lengths of a corpus, as (samples,) float32 each."""
    rng = np.random.default_rng(0)
    mean, deviation = LENGTHS[corpus]
    seconds = rng.lognormal(np.log(mean) - deviation**2 / 2, deviation, number).clip(0.5, 30)
    return [
        rng.normal(0, 0.1, round(length * SAMPLING_RATE)).astype(np.float32) for length in seconds
    ]


def planned(clips: Sequence[np.ndarray], batch_seconds: int) -> list[list[np.ndarray]]:
    """The clips in the batches that mdat-extract makes."""
    plan = plan_batches(
        [len(clip) for clip in clips],
        [f"{number:04}" for number in range(len(clips))],
        max_samples=batch_seconds * SAMPLING_RATE,
    )
    return [[clips[index] for index in batch] for batch in plan]


def encoding_seconds(encoder: Any, batches: Sequence[Sequence[np.ndarray]]) -> float:
    """Duration of encoding all batches."""
    start = now()
    for batch in batches:
        encoder.encode(batch)
    return now() - start


def outside(encoder: Any, batches: Sequence[Sequence[np.ndarray]]) -> float:
    """Fraction of the time that is not spent in the model: preparation and copying."""
    spent = [0.0]

    def enter(*_: Any) -> None:
        spent[0] -= now()

    def leave(*_: Any) -> None:
        spent[0] += now()

    model = encoder._model
    alone = isinstance(model, torch.nn.Module)
    parts = [model] if alone else [model.convolutions, model.transformer]
    hooks = [part.register_forward_pre_hook(enter) for part in parts]
    hooks += [part.register_forward_hook(leave) for part in parts]
    seconds = encoding_seconds(encoder, batches)
    for hook in hooks:
        hook.remove()
    return 1 - spent[0] / seconds


def largest_error(
    expected: Sequence[Mapping[str, np.ndarray]], got: Sequence[Mapping[str, np.ndarray]]
) -> float:
    """The largest relative error of a layer of a clip, over the frames that ours keeps."""
    return max(
        float(np.linalg.norm(e[layer][: len(rows)] - rows) / np.linalg.norm(rows))
        for e, g in zip(expected, got, strict=True)
        for layer, rows in g.items()
    )


def matrix_rate(device: str, precision: str, *, side: int, repeats: int = 10) -> float:
    """Floating-point operations per second in a product of random square matrices."""
    a = torch.randn(side, side, device=device, dtype=getattr(torch, precision))
    a @ a
    start = now()
    for _ in range(repeats):
        a @ a
    return 2 * side**3 * repeats / (now() - start)


def peak_gigabytes(device: str) -> float:
    """Largest memory on the graphics card since it was reset, the model included."""
    return torch.cuda.max_memory_allocated() / 1e9 if device == "cuda" else float("nan")


if __name__ == "__main__":
    main()
