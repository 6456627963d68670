"""Are emotions found in a long recording, and do time and memory stay bounded?

Clips of a corpus are joined with pauses between them, so that the truth is known. Give a run that
did not learn from that corpus.

    python benchmarks/long_recordings.py runs/nemo --corpus emodb --root corpora/emodb
"""

import tempfile
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

import click
import numpy as np
import soundfile
from memory import usage_of

from mdat_data import Utterance
from mdat_data.corpora import read_corpus
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.inputs.audio import load_beginning
from mdat_predict import load
from mdat_predict.prediction import Prediction

COMMAND = "from mdat_predict.cli.predict import main; main()"
PAUSES = (0.5, 1.5)
"""Seconds of the shortest and of the longest pause."""

NOISE = 1e-4
"""Amplitude of the noise in a pause, where full scale is 1."""

STEP = 0.01
"""Seconds of a step of the comparison."""

LONGEST = 30.0

Truth = list[tuple[float, float, str]]
"""Start and end of each clip in seconds, and its emotion."""


@click.command()
@click.argument("run")
@click.option("--corpus", default="emodb", show_default=True)
@click.option("--root", type=click.Path(path_type=Path), required=True)
@click.option("--speech-encoder", help="Folder of the encoder, as of mdat-predict.")
@click.option("--minutes", default=10, show_default=True)
@click.option("--hours", default=10, show_default=True, help="Of the long recording; 0: none.")
def main(
    run: str, corpus: str, root: Path, speech_encoder: str | None, minutes: int, hours: int
) -> None:
    """Print how segments and emotions compare with the truth, and what a recording costs."""
    encoder = [f"--speech-encoder={speech_encoder}"] if speech_encoder else []
    model = load(run, speech_encoder=speech_encoder)
    spoken = [u for u in read_corpus(corpus, root).utterances if u.emotion in model.classes]
    with tempfile.TemporaryDirectory() as name:
        short, long = Path(name) / "short.wav", Path(name) / "long.wav"
        truth = write(short, spoken, seconds=60 * minutes)
        [prediction] = model.predict(short, segments="auto")
        for line in compared(prediction, truth):
            click.echo(line)
        peaks = {}
        if hours:
            repeat(short, long, times=-(-60 * hours // minutes))
        for path in (short, long) if hours else (short,):
            out = f"--out={path.with_suffix('.csv')}"
            usage = usage_of([run, str(path), out, *encoder], COMMAND)
            duration = soundfile.info(path).duration / 3600
            peaks[path] = usage.ru_maxrss / 1024
            rate = (usage.ru_utime + usage.ru_stime) / duration
            click.echo(f"{duration:.2f} h: {peaks[path]:.0f} MiB, {rate:.0f} core-seconds an hour")


def write(path: Path, spoken: Sequence[Utterance], *, seconds: float) -> Truth:
    """Write clips in random order, each after a pause, until the recording lasts long enough."""
    rng = np.random.default_rng(0)
    truth: Truth = []
    with soundfile.SoundFile(path, "w", SAMPLING_RATE, 1) as file:
        numbers = cycle(rng.permutation(len(spoken)))
        while file.tell() < seconds * SAMPLING_RATE:
            pause = round(rng.uniform(*PAUSES) * SAMPLING_RATE)
            file.write(rng.uniform(-NOISE, NOISE, pause).astype(np.float32))
            utterance = spoken[next(numbers)]
            clip, _ = load_beginning(utterance.audio, LONGEST)
            start = file.tell()
            file.write(clip)
            bounds = start / SAMPLING_RATE, file.tell() / SAMPLING_RATE
            truth.append((*bounds, utterance.emotion or ""))
    return truth


def repeat(path: Path, out: Path, *, times: int) -> None:
    """Write a recording several times, one after the other."""
    samples, rate = soundfile.read(path, dtype="int16")
    with soundfile.SoundFile(out, "w", rate, 1) as file:
        for _ in range(times):
            file.write(samples)


def compared(prediction: Prediction, truth: Truth) -> Iterator[str]:
    """Compare segments with clips, and emotions in steps of time.

    The emotion diarisation error rate is the time that is missed, spoken where nothing is, or given
    another emotion, as a part of the time of the clips.

    Reference:
        Y. Wang et al., "Speech emotion diarization: which emotion appears when?", ASRU 2023.
    """
    parts = prediction.segments
    overlaps = np.array(
        [[min(s.end, end) > max(s.start, start) for s in parts] for start, end, _ in truth]
    )
    alone = sum(row.sum() == 1 and overlaps[:, row.argmax()].sum() == 1 for row in overlaps)
    yield f"{len(truth)} clips, {len(parts)} segments; {alone} clips are one segment alone"
    said = steps(truth, prediction)
    heard = steps([(s.start, s.end, s.emotion(prediction.classes)) for s in parts], prediction)
    spoken = (said != "").sum()
    errors = {
        "missed": ((said != "") & (heard == "")).sum() / spoken,
        "false alarm": ((said == "") & (heard != "")).sum() / spoken,
        "other emotion": ((said != "") & (heard != "") & (said != heard)).sum() / spoken,
    }
    rate = sum(errors.values())
    told = ", ".join(f"{name} {100 * part:.1f} %" for name, part in errors.items())
    yield f"emotion diarisation error rate {100 * rate:.1f} %: {told}"


def steps(spans: Sequence[tuple[float, float, str]], prediction: Prediction) -> np.ndarray:
    """The emotion of every step of time; empty where nobody speaks."""
    found = np.full(round(prediction.duration / STEP) + 1, "", dtype="<U32")
    for start, end, emotion in spans:
        found[round(start / STEP) : round(end / STEP)] = emotion
    return found


if __name__ == "__main__":
    main()
