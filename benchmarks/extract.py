"""Whether extraction is fast and small: everything in one run, as ratios, on true recordings.

python benchmarks/random_models.py --out models
python benchmarks/extract.py --root corpora/urdu
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np
import torch
from encoding import Ours, hold_contest, matrix_rate, operations, write_manifest
from memory import COMMAND
from naive_loop import NaiveLoop
from reading import iemocap_steps, measure

from mdat_data import Utterance
from mdat_data.cache import Recording
from mdat_extract.config import ExtractSettings
from mdat_extract.inputs.audio import SAMPLING_RATE
from mdat_extract.inputs.batch_plan import plan_batches
from mdat_extract.inputs.prepared_corpus import prepare

Row = tuple[str, str, str]
"""Question, aim, measured."""

AIMS = {("cpu", "float32"): 1.5, ("cpu", "bfloat16"): 3, ("cuda", "float32"): 5}
AIMS |= {("cuda", "bfloat16"): 5}
LOADING = """
import sys
from transformers import AutoFeatureExtractor, AutoModel, AutoTokenizer
speech, text = sys.argv[1:]
for kind, model in (AutoFeatureExtractor, speech), (AutoModel, speech), (AutoTokenizer, text):
    kind.from_pretrained(model)
AutoModel.from_pretrained(text)
"""
"""What any script does before it can encode."""

PEAK = "import sys, memory; print(memory.peak_mebibytes(sys.argv[1:]))"
"""Runs in a process of its own: Linux counts in a new program's peak that of who started it."""


@click.command()
@click.option("--root", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--speech-encoder", default="models/xls-r-300m", show_default=True)
@click.option("--text-encoder", default="models/xlm-roberta-base", show_default=True)
@click.option("--limit", default=128, show_default=True, help="Utterances that are encoded.")
def main(root: Path, limit: int, **encoders: str) -> None:
    """Print a table of questions, aims and what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "features.h5"
        settings = ExtractSettings(corpus="urdu", root=root, out=out, **encoders)
        print("| question | aim | measured |\n|---|---|---|", flush=True)
        for question, aim, measured in rows(settings, limit, Path(folder)):
            print(f"| {question} | {aim} | {measured} |", flush=True)


def rows(settings: ExtractSettings, limit: int, folder: Path) -> Iterator[Row]:
    """Measure one thing after the other."""
    recordings = prepare(settings).recordings
    chosen = recordings[:: -(-len(recordings) // limit)]  # of all emotions alike
    for device in ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",):
        yield from against_the_loop(settings, device, blocks_of(chosen, settings), folder)
    yield start_up(settings, folder)
    yield memory([recording.utterance for recording in recordings], folder)
    urdu = [(round(r.duration * SAMPLING_RATE) - 80) // 320 for r in recordings]
    for corpus, steps, aim in (("IEMOCAP", iemocap_steps(600), 1.15), ("URDU", urdu, 1.25)):
        with tempfile.TemporaryDirectory(dir=folder) as inside:
            size, speed = measure(Path(inside), list(steps))
        yield f"size over payload, {corpus}'s lengths", f"≤ {aim}", f"{size:.3f}"
        yield f"reading against `numpy.load`, {corpus}'s lengths", "≥ 0.8", f"{speed:.2f}"


def blocks_of(recordings: Sequence[Recording], settings: ExtractSettings) -> list[list[Utterance]]:
    """The batches that mdat-extract makes of them."""
    plan = plan_batches(
        [round(r.duration * SAMPLING_RATE) for r in recordings],
        [r.utterance.id for r in recordings],
        max_samples=round(settings.batch_seconds * SAMPLING_RATE),
    )
    return [[recordings[i].utterance for i in batch] for batch in plan]


def against_the_loop(
    settings: ExtractSettings, device: str, blocks: Sequence[Sequence[Utterance]], folder: Path
) -> Iterator[Row]:
    """Speed and errors against the loop; what is spent outside of the models."""
    ours = {p: Ours(settings, device, p) for p in precisions(device)}
    loop = NaiveLoop(settings.speech_encoder, layers=ours["float32"].layers, device=device)
    ways: dict[str, NaiveLoop | Ours] = {"loop": loop, **ours}
    hold_contest([blocks[-1][-1:]], ways, folder)  # the first call of all is slow
    contest = hold_contest(blocks, ways, folder)
    for precision in ours:
        speed = contest.seconds["loop"] / contest.seconds[precision]
        aim = f"≥ {AIMS[device, precision]}"
        yield f"{precision} on {device}: speed over the loop", aim, f"{speed:.2f}"
    exact, near = contest.errors["float32"], contest.errors["bfloat16"]
    yield f"float32 on {device}: largest error against the loop", "≤ 1e-5", f"{max(exact):.1e}"
    if near:
        question = f"bfloat16 on {device}: largest and mean error against float32"
        yield question, "", f"{max(near):.1e}, {np.mean(near):.1e}"
    utterances = [utterance for block in blocks for utterance in block]
    if device == "cuda":
        needed = operations(loop, utterances, folder / "counted.h5")
        for precision in ours:
            reached = needed / contest.seconds[precision] / matrix_rate(device, precision)
            yield f"{precision} on {device}: of the matrix rate", "≥ 40 %", f"{reached:.0%}"
    for precision, way in ours.items():
        share = way.outside(utterances, folder / f"{precision}.h5")
        yield f"{precision} on {device}: time outside the models", "< 5 %", f"{share:.1%}"


def precisions(device: str) -> tuple[str, ...]:
    """What the machine multiplies in hardware."""
    has_bfloat16 = device == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return ("float32", "bfloat16") if has_bfloat16 else ("float32",)


def start_up(settings: ExtractSettings, folder: Path) -> Row:
    """Seconds until the first batch is encoded, and over those of importing and loading alone."""
    models = (settings.speech_encoder, settings.text_encoder)
    out = folder / "start" / "features.h5"
    options = [f"--speech-encoder={models[0]}", f"--text-encoder={models[1]}"]
    options += ["--corpus=urdu", f"--root={settings.root}", f"--out={out}"]
    loading, ours = [], []
    for _ in range(2):
        begin = time.monotonic()
        subprocess.run([sys.executable, "-c", LOADING, *models], check=True, capture_output=True)
        loading.append(time.monotonic() - begin)
        ours.append(seconds_to_first_batch([sys.executable, "-c", COMMAND, *options], out))
    measured = f"{min(ours):.1f} s, {min(ours) / min(loading):.2f} of importing and loading"
    return "start-up to the first batch, 400 recordings looked at", "", measured


def seconds_to_first_batch(command: Sequence[str], out: Path) -> float:
    """The settings are written beside the parts when the first batch begins."""
    out.parent.mkdir(exist_ok=True)
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while not any(out.parent.rglob("settings.json")):
        if process.poll() is not None:
            raise click.ClickException(f"mdat-extract failed: {process.communicate()[1]!r}")
        time.sleep(0.01)
    seconds = time.monotonic() - begin
    process.kill()
    process.communicate()
    [settings.unlink() for settings in out.parent.rglob("settings.json")]
    return seconds


def memory(utterances: Sequence[Utterance], folder: Path) -> Row:
    """Peak memory with all utterances and with ten times as many.

    With the offline encoders: XLS-R would take an hour for it, and what it needs depends on the
    batch, not on the number of batches.
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
