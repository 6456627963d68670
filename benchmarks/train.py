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
from trainings import FRAMES, Ours, Torch
from turns import Contestant

from mdat_data.batches import shuffled_by_length
from mdat_extract.config import ExtractSettings
from mdat_train.classifiers import backend
from mdat_train.inputs.selection import Selection

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
    steps = {"urdu": steps_of("urdu", urdu), "emodb": steps_of("emodb", emodb)}
    steps["iemocap"] = iemocap_steps(iemocap).tolist()
    print("| question | aim | measured |\n|---|---|---|", flush=True)
    settings = ExtractSettings(corpus="urdu", root=urdu, out=Path("urdu.h5"), **encoders)
    for row in rows(steps, settings):
        print(f"| {' | '.join(row)} |", flush=True)


def rows(steps: Mapping[str, list[int]], settings: ExtractSettings) -> Iterator[Row]:
    """Measure one thing after the other; the settings are those of encoding URDU."""
    rates = {}
    for corpus, lengths in steps.items():
        contest = Contest(random_selection(lengths, frames=FRAMES))
        rates[corpus] = contest.utterances_a_second
        for question, aim, measured in contest.rows():
            yield f"{corpus}: {question}", aim, measured
    backend.start()
    # Here, lest every process that trains imports PyTorch and TensorFlow.
    from paper_hours import paper_hours
    from runs import ablation_against_encoding, from_the_file, outside_the_step

    question = "MDAT in Tables II, IV, V and VI, both protocols, options' defaults, at these rates"
    yield question, "", f"{paper_hours(rates):.0f} hours"
    longer = [min(length, FRAMES) for length in LARGER * steps["iemocap"]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from outside_the_step(steps["emodb"], folder / "emodb.h5")
        yield from from_the_file(longer, folder / "iemocap.h5")
        yield from ablation_against_encoding(steps["urdu"], settings, folder / "urdu.h5")


class Contest:
    """One epoch in every way, by turns.

    Args:
        selection: The utterances.
    """

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        order = shuffled_by_length(selection.speech_lengths, np.random.default_rng(0), size=BATCH)
        self.work = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        with ExitStack() as stack:
            enter = stack.enter_context
            ours = enter(Contestant(Ours, selection))
            weights = ours("weights")
            ways = {"ours": ours}
            ways["fixed"] = enter(Contestant(partial(Ours, fixed=True), selection, weights))
            ways["torch"] = enter(Contestant(Torch, selection, weights))
            ways["research"] = enter(Contestant(partial(Torch, research=True), selection, weights))
            self.outputs = [way("outputs", self.work[:BLOCK]) for way in ways.values()]
            self.first, self.again = ours("compilation_seconds")
            self._train(ways)

    def _train(self, ways: Mapping[str, Contestant]) -> None:
        self.seconds, rates = dict.fromkeys(ways, 0.0), []
        for way in ways.values():
            way("train", self.work[:BLOCK])
        for number, start in enumerate(range(0, len(self.work), BLOCK)):
            for name in list(ways)[:: 1 - 2 * (number % 2)]:
                ways[name]("train", self.work[start : start + BLOCK])
                self.seconds[name] += ways[name].seconds
            rates.append(ways["ours"]("matrix_rate"))
        self.matrix_rate = float(np.median(rates))

    @property
    def utterances_a_second(self) -> float:
        """Of ours."""
        return len(self.selection) / self.seconds["ours"]

    def rows(self) -> Iterator[Row]:
        """The contest as ratios."""
        needed, padded, fixed = self._multiply_adds()
        ours = self.seconds["ours"]
        speed = {name: of_way / ours for name, of_way in self.seconds.items()}
        yield "utterances a second", "", f"{self.utterances_a_second:.0f}"
        trimmed = (
            f"{speed['fixed']:.2f} of {fixed / padded:.2f}: {speed['fixed'] * padded / fixed:.0%}"
        )
        yield "speed over fixed padding, of the multiply-adds that it has more", "≥ 80 %", trimmed
        yield "speed over PyTorch, same batches", "≥ 1", f"{speed['torch']:.2f}"
        yield "speed over PyTorch, fixed padding", "≥ 3", f"{speed['research']:.2f}"
        reached = (
            f"{needed / ours / self.matrix_rate:.0%} of {self.matrix_rate / 1e9:.0f} G a second"
        )
        real = f"{needed / padded:.0%} are of real steps"
        yield "multiply-adds of real steps, of the matrix rate", "≥ 50 %", f"{reached}; {real}"
        largest = max(float(np.abs(came - self.outputs[0]).max()) for came in self.outputs)
        yield "largest difference between the outputs of all four", "≤ 1e-4", f"{largest:.0e}"
        share = f"{self.first:.1f} s are {self.first / (EPOCHS * ours):.0%}"
        measured = f"{share}; each further training {self.again:.2f} s"
        yield f"building and tracing, of a run of {EPOCHS} epochs", "< 10 %", measured

    def _multiply_adds(self) -> tuple[int, int, int]:
        """Those of the real steps, of trimmed batches, and of fixed padding."""
        from multiply_adds import multiply_adds

        lengths = [
            (len(speech), len(text))
            for speech, text in zip(self.selection.speech, self.selection.text, strict=True)
        ]
        padded = 0
        for batch in self.work:
            longest = map(max, zip(*(lengths[row] for row in batch), strict=True))
            padded += len(batch) * multiply_adds(*longest)
        needed = sum(multiply_adds(*length) for length in lengths)
        return needed, padded, len(lengths) * multiply_adds(FRAMES, FRAMES)


if __name__ == "__main__":
    main()
