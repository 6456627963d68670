"""Whether training is fast: everything in one run, as ratios, at the lengths of three corpora.

    python benchmarks/random_models.py --out models
    python benchmarks/train.py --urdu corpora/urdu --emodb corpora/emodb

The features are random and as wide as XLS-R's and XLM-R's. The lengths of URDU and EMO-DB are
those of the recordings, those of IEMOCAP are drawn.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click
import numpy as np
from lengths import random_selection, steps_of
from reading import iemocap_steps
from trainings import FRAMES, Batches, Ours, Torch
from turns import Contestant

from mdat_extract.settings import ExtractSettings
from mdat_train.batches import shuffled
from mdat_train.selection import Selection

Row = tuple[str, str, str]
"""Question, aim, measured."""

BATCH, BLOCK = 16, 4
"""Utterances of a batch; batches that are trained one way before they are trained the next."""

LARGER = 3
"""How many times the utterances of IEMOCAP's lengths are there, to be read from a file."""

EPOCHS = 30
"""Of the run that compilation is compared with."""


@click.command()
@click.option("--urdu", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--emodb", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--speech-encoder", default="models/xls-r-300m", show_default=True)
@click.option("--text-encoder", default="models/xlm-roberta-base", show_default=True)
@click.option("--iemocap", default=400, show_default=True, help="Utterances of its lengths.")
def main(urdu: Path, emodb: Path, iemocap: int, **encoders: str) -> None:
    """Print a table of questions, aims and what was measured."""
    steps = {"URDU": steps_of("urdu", urdu), "EMO-DB": steps_of("emodb", emodb)}
    steps["IEMOCAP"] = iemocap_steps(iemocap).tolist()
    print("| question | aim | measured |\n|---|---|---|", flush=True)
    settings = ExtractSettings(corpus="urdu", root=urdu, out=Path("urdu.h5"), **encoders)
    for row in rows(steps, settings):
        print(f"| {' | '.join(row)} |", flush=True)


def rows(steps: Mapping[str, list[int]], settings: ExtractSettings) -> Iterator[Row]:
    """Measure one thing after the other; the settings are those of encoding URDU."""
    # Here, lest every process that trains imports PyTorch and TensorFlow.
    from runs import ablation_against_encoding, from_the_file, outside_the_step

    for corpus, lengths in steps.items():
        for question, aim, measured in contest(random_selection(lengths, frames=FRAMES)):
            yield f"{corpus}: {question}", aim, measured
    longer = [min(length, FRAMES) for length in LARGER * steps["IEMOCAP"]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from outside_the_step(steps["EMO-DB"], folder / "emodb.h5")
        yield from from_the_file(longer, folder / "iemocap.h5")
        yield from ablation_against_encoding(steps["URDU"], settings, folder / "urdu.h5")


def contest(selection: Selection) -> Iterator[Row]:
    """Train one epoch in every way, by turns."""
    order = shuffled(selection, np.random.default_rng(0), size=BATCH)
    work = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    with ExitStack() as stack:
        enter = stack.enter_context
        ways = {"ours": enter(Contestant(Ours, selection))}
        weights = ways["ours"]("weights")
        ways["fixed"] = enter(Contestant(partial(Ours, fixed=True), selection, weights))
        ways["torch"] = enter(Contestant(Torch, selection, weights))
        ways["research"] = enter(Contestant(partial(Torch, research=True), selection, weights))
        outputs = {name: way("outputs", work[:BLOCK]) for name, way in ways.items()}
        seconds, rate = by_turns(ways, work)
        first, again = ways["ours"]("compilation_seconds")
    yield from compared(selection, work, seconds, rate)
    largest = max(float(np.abs(came - outputs["ours"]).max()) for came in outputs.values())
    yield "largest difference between the outputs of all four", "≤ 1e-4", f"{largest:.0e}"
    share = first / (EPOCHS * seconds["ours"])
    measured = f"{first:.1f} s are {share:.0%}; each further training {again:.2f} s"
    yield f"building and tracing over a run of {EPOCHS} epochs", "< 10 %", measured


def by_turns(ways: Mapping[str, Contestant], work: Batches) -> tuple[dict[str, float], float]:
    """Seconds of one epoch in each way, and multiply-adds a second of a product of matrices."""
    seconds, rates = dict.fromkeys(ways, 0.0), []
    for way in ways.values():
        way("train", work[:BLOCK])
    for number, start in enumerate(range(0, len(work), BLOCK)):
        for name in list(ways)[:: 1 - 2 * (number % 2)]:
            ways[name]("train", work[start : start + BLOCK])
            seconds[name] += ways[name].seconds
        rates.append(ways["ours"]("matrix_rate"))
    return seconds, float(np.median(rates))


def compared(
    selection: Selection, work: Batches, seconds: Mapping[str, float], rate: float
) -> Iterator[Row]:
    """The seconds as ratios."""
    from multiply_adds import multiply_adds

    lengths = [(len(s), len(t)) for s, t in zip(selection.speech, selection.text, strict=True)]
    needed = sum(multiply_adds(*length) for length in lengths)
    padded = 0
    for rows in work:
        longest = (max(axis) for axis in zip(*(lengths[row] for row in rows), strict=True))
        padded += len(rows) * multiply_adds(*longest)
    fixed = len(selection) * multiply_adds(FRAMES, FRAMES)
    speed = {name: seconds[name] / seconds["ours"] for name in seconds}
    utterances = len(selection) / seconds["ours"]
    yield "utterances a second, one epoch", "", f"{utterances:.0f}, {seconds['ours']:.1f} s"
    trimmed = f"{speed['fixed']:.2f} of {fixed / padded:.2f}: {speed['fixed'] * padded / fixed:.0%}"
    yield "speed over fixed padding, of the multiply-adds that it has more", "≥ 80 %", trimmed
    yield "speed over PyTorch, same batches", "≥ 1", f"{speed['torch']:.2f}"
    yield "speed over PyTorch, fixed padding", "≥ 3", f"{speed['research']:.2f}"
    reached = needed / seconds["ours"] / rate
    measured = f"{reached:.0%} of {rate / 1e9:.0f} G a second; {needed / padded:.0%} is not padding"
    yield "multiply-adds of real steps, of the matrix rate", "≥ 50 %", measured


if __name__ == "__main__":
    main()
