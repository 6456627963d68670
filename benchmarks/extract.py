"""Is extraction fast, and are its files small? All in one run, as ratios, on real recordings.

python benchmarks/random_models.py --out models
python benchmarks/extract.py --root corpora/urdu
python benchmarks/extract.py --root corpora/urdu --whisper models/whisper-large-v3
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from encoding import Extraction, Variants, compare, matrix_rate, operations, write_manifest
from memory import COMMAND
from naive_loop import NaiveLoop
from reading import iemocap_steps, measure
from stopwatch import timed

from mdat_data import Utterance
from mdat_data.cache import Recording
from mdat_data.cache.parts import SETTINGS
from mdat_extract import ExtractConfig
from mdat_extract.config import NONE, SAMPLING_RATE
from mdat_extract.inputs.batch_plan import plan_batches
from mdat_extract.inputs.prepared_corpus import prepare

Row = tuple[str, str, str]
"""Question, aim, measured value."""

AIMS = {("cpu", "float32"): 1.5, ("cpu", "bfloat16"): 3, ("cuda", "float32"): 5}
AIMS |= {("cuda", "bfloat16"): 5}
"""Device and precision -> aim for the speed relative to the loop."""

FEW = 6
"""Number of clips that a Whisper model encodes: each costs as much as 30 s."""
LENGTHS = (1, 3, 10, 30)
"""Lengths of clips whose cost is measured, in seconds."""

LOADING = """
import sys
from transformers import AutoFeatureExtractor, AutoModel, AutoTokenizer
speech, text = sys.argv[1:]
for kind, model in (AutoFeatureExtractor, speech), (AutoModel, speech), (AutoTokenizer, text):
    kind.from_pretrained(model)
AutoModel.from_pretrained(text)
"""
"""What every script must do before it can encode."""

PEAK = "import sys, memory; print(memory.peak_mebibytes(sys.argv[1:]))"
"""Runs in a process of its own: Linux includes the parent in the peak memory of a new program."""


@click.command()
@click.option("--root", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--speech-encoder", default="models/xls-r-300m", show_default=True)
@click.option("--text-encoder", default="models/xlm-roberta-base", show_default=True)
@click.option("--limit", default=128, show_default=True, help="Number of utterances to encode.")
@click.option("--whisper", multiple=True, help="Folders of Whisper models: only these, few clips.")
def main(
    root: Path, speech_encoder: str, text_encoder: str, limit: int, whisper: Sequence[str]
) -> None:
    """Print a table of questions about extraction, aims and measured values, on URDU."""
    with tempfile.TemporaryDirectory() as folder:
        config = ExtractConfig(
            corpus="urdu",
            root=root,
            out=Path(folder) / "features.h5",
            speech_encoder=speech_encoder,
            text_encoder=text_encoder,
        )
        click.echo("| question | aim | measured |\n|---|---|---|")
        found = whisper_rows(config, whisper, Path(folder))
        for row in found if whisper else rows(config, limit, Path(folder)):
            click.echo(f"| {' | '.join(row)} |")


def rows(config: ExtractConfig, limit: int, folder: Path) -> Iterator[Row]:
    """Measure one thing after the other."""
    recordings = prepare(config).recordings
    chosen = recordings[:: -(-len(recordings) // limit)]  # equally many of every emotion
    for device in ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",):
        yield from against_the_loop(config, device, blocks_of(chosen, config), folder)
    yield start_up(config, folder)
    yield memory([recording.utterance for recording in recordings], folder)
    urdu = [(round(r.duration * SAMPLING_RATE) - 80) // 320 for r in recordings]
    for corpus, steps, aim in (("IEMOCAP", iemocap_steps(600), 1.15), ("URDU", urdu, 1.25)):
        with tempfile.TemporaryDirectory(dir=folder) as inside:
            size, speed = measure(Path(inside), list(steps))
        yield f"size over payload, {corpus}'s lengths", f"≤ {aim}", f"{size:.3f}"
        yield f"reading against `numpy.load`, {corpus}'s lengths", "≥ 0.8", f"{speed:.2f}"


def whisper_rows(config: ExtractConfig, models: Sequence[str], folder: Path) -> Iterator[Row]:
    """Measure Whisper's encoders on `FEW` clips, and what a clip costs by its length."""
    recordings = prepare(config).recordings
    blocks = [[r.utterance] for r in recordings[:: -(-len(recordings) // FEW)]]
    for model in models:
        alone = replace(config, speech_encoder=model, text_encoder=NONE)
        costs = map(partial(cost, Extraction(alone, "cpu", "float32").encoder), LENGTHS)
        for question, *told in (*against_the_loop(alone, "cpu", blocks, folder), *costs):
            yield f"{Path(model).name}, {question}", told[0], told[1]


def cost(encoder: Any, seconds: int) -> Row:
    """Seconds that a clip takes."""
    clip = np.random.default_rng(0).normal(0, 0.1, seconds * SAMPLING_RATE).astype(np.float32)
    encoder.encode([clip])
    took = timed(lambda: encoder.encode([clip]))
    return f"float32 on cpu: a clip of {seconds} s", "", f"{took:.2f} s"


def blocks_of(recordings: Sequence[Recording], config: ExtractConfig) -> list[list[Utterance]]:
    """The utterances in the batches that mdat-extract makes."""
    plan = plan_batches(
        [round(r.duration * SAMPLING_RATE) for r in recordings],
        [r.utterance.id for r in recordings],
        max_samples=round(config.batch_seconds * SAMPLING_RATE),
    )
    return [[recordings[i].utterance for i in batch] for batch in plan]


def against_the_loop(
    config: ExtractConfig, device: str, blocks: Sequence[Sequence[Utterance]], folder: Path
) -> Iterator[Row]:
    """Speed and errors relative to the loop; time that is not spent in the models."""
    ours = {p: Extraction(config, device, p) for p in precisions(device)}
    loop = NaiveLoop(config.speech_encoder, layers=ours["float32"].layers, device=device)
    variants: Variants = {"loop": loop, **ours}
    compare([blocks[-1][-1:]], variants, folder)  # the very first call is slow
    compared = compare(blocks, variants, folder)
    for precision in ours:
        speed = compared.seconds["loop"] / compared.seconds[precision]
        aim = f"≥ {AIMS[device, precision]}"
        yield f"{precision} on {device}: speed over the loop", aim, f"{speed:.2f}"
    exact, near = compared.errors["float32"], compared.errors["bfloat16"]
    yield f"float32 on {device}: largest error against the loop", "≤ 1e-5", f"{max(exact):.1e}"
    if near:
        question = f"bfloat16 on {device}: largest and mean error against float32"
        yield question, "", f"{max(near):.1e}, {np.mean(near):.1e}"
    utterances = [utterance for block in blocks for utterance in block]
    if device == "cuda":
        needed = operations(loop, utterances, folder / "counted.h5")
        for precision in ours:
            reached = needed / compared.seconds[precision] / matrix_rate(device, precision)
            yield f"{precision} on {device}: of the matrix rate", "≥ 40 %", f"{reached:.0%}"
    for precision, extraction in ours.items():
        share = extraction.outside(utterances, folder / f"{precision}.h5")
        yield f"{precision} on {device}: time outside the models", "< 5 %", f"{share:.1%}"


def precisions(device: str) -> tuple[str, ...]:
    """The precisions in which the hardware multiplies."""
    has_bfloat16 = device == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return ("float32", "bfloat16") if has_bfloat16 else ("float32",)


def start_up(config: ExtractConfig, folder: Path) -> Row:
    """Seconds until the first batch is encoded, also relative to importing and loading alone."""
    models = (config.speech_encoder, config.text_encoder)
    out = folder / "start" / "features.h5"
    options = [f"--speech-encoder={models[0]}", f"--text-encoder={models[1]}"]
    options += [f"--corpus={config.corpus}", f"--root={config.root}", f"--out={out}"]
    loading, ours = [], []
    for _ in range(2):
        begin = time.monotonic()
        subprocess.run([sys.executable, "-c", LOADING, *models], check=True, capture_output=True)
        loading.append(time.monotonic() - begin)
        ours.append(seconds_to_first_batch([sys.executable, "-c", COMMAND, *options], out))
    measured = f"{min(ours):.1f} s, {min(ours) / min(loading):.2f} of importing and loading"
    return "start-up to the first batch, 400 recordings inspected", "", measured


def seconds_to_first_batch(command: Sequence[str], out: Path) -> float:
    """Seconds until the settings are written next to the parts, when the first batch begins."""
    out.parent.mkdir(exist_ok=True)
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while not any(out.parent.rglob(SETTINGS)):
        if process.poll() is not None:
            raise click.ClickException(f"mdat-extract failed: {process.communicate()[1]!r}")
        time.sleep(0.01)
    seconds = time.monotonic() - begin
    process.kill()
    process.communicate()
    [settings.unlink() for settings in out.parent.rglob(SETTINGS)]
    return seconds


def memory(utterances: Sequence[Utterance], folder: Path) -> Row:
    """Peak memory with all utterances and with ten times their number.

    With the offline encoders: XLS-R would take an hour, and its memory depends on the batch, not on
    the number of batches.
    """
    peaks = []
    for times in (1, 10):
        corpus = write_manifest(folder / f"{times}.csv", utterances, times=times)
        encoders = ["--speech-encoder=logmel", "--text-encoder=char-ngram"]
        out = f"--out={folder / f'memory-{times}.h5'}"
        options = [f"--corpus={corpus}", *encoders, out]
        command = [sys.executable, "-c", PEAK, *options]
        here = Path(__file__).parent
        peaks.append(float(subprocess.check_output(command, cwd=here)))
    question = "peak memory, 4,000 over 400 utterances (logmel, char-ngram)"
    return question, "≤ 1.05", f"{peaks[1] / peaks[0]:.3f} ({peaks[0]:.0f}, {peaks[1]:.0f} MiB)"


if __name__ == "__main__":
    main()
