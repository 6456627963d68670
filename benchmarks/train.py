"""Is training fast? All in one run, as ratios, with the lengths of three corpora.

    python benchmarks/random_models.py --out models
    python benchmarks/train.py --urdu corpora/urdu --emodb corpora/emodb

The features are random and of the width of XLS-R and XLM-R. The lengths of URDU and EMO-DB are
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
from trainings import FRAMES, KerasTraining, TorchTraining
from worker import Worker

from mdat_data.batches import shuffled_by_length
from mdat_extract import ExtractConfig
from mdat_train.classifiers import backend
from mdat_train.inputs.selection import Selection

Row = tuple[str, str, str]
"""Question, aim, measured value."""

BATCH, BLOCK = 16, 4
"""Batch size; number of batches that a variant trains before the next variant has its turn."""

LARGER = 3
"""The features file of IEMOCAP's lengths has this multiple of the number of utterances."""

EPOCHS = 30
"""Number of epochs of the run that compilation is compared with."""


@click.command()
@click.option("--urdu", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--emodb", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--speech-encoder", default="models/xls-r-300m", show_default=True)
@click.option("--text-encoder", default="models/xlm-roberta-base", show_default=True)
@click.option(
    "--iemocap", default=400, show_default=True, help="Number of utterances of IEMOCAP's lengths."
)
def main(urdu: Path, emodb: Path, speech_encoder: str, text_encoder: str, iemocap: int) -> None:
    """Print a table of questions about training, aims and measured values."""
    steps = {"urdu": steps_of("urdu", urdu), "emodb": steps_of("emodb", emodb)}
    steps["iemocap"] = iemocap_steps(iemocap).tolist()
    click.echo("| question | aim | measured |\n|---|---|---|")
    config = ExtractConfig(
        corpus="urdu",
        root=urdu,
        out="urdu.h5",
        speech_encoder=speech_encoder,
        text_encoder=text_encoder,
    )
    for row in rows(steps, config):
        click.echo(f"| {' | '.join(row)} |")


def rows(steps: Mapping[str, list[int]], config: ExtractConfig) -> Iterator[Row]:
    """Measure one thing after the other.

    Args:
        steps: Corpus -> the number of frames of each utterance.
        config: For encoding URDU.
    """
    rates = {}
    for corpus, lengths in steps.items():
        comparison = Comparison(random_selection(lengths, frames=FRAMES))
        rates[corpus] = comparison.utterances_per_second
        for question, aim, measured in comparison.rows():
            yield f"{corpus}: {question}", aim, measured
    backend.start()
    # Imported here: the processes that train import this file, and need no second framework.
    from paper_hours import paper_hours
    from runs import ablation_against_encoding, from_the_file, outside_the_step

    question = "MDAT in Tables II, IV, V and VI, both protocols, options' defaults, at these rates"
    yield question, "", f"{paper_hours(rates):.0f} hours"
    longer = [min(length, FRAMES) for length in LARGER * steps["iemocap"]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from outside_the_step(steps["emodb"], folder / "emodb.h5")
        yield from from_the_file(longer, folder / "iemocap.h5")
        yield from ablation_against_encoding(steps["urdu"], config, folder / "urdu.h5")


class Comparison:
    """One epoch with every variant, in turns.

    Args:
        selection: The utterances.
    """

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        order = shuffled_by_length(selection.speech_lengths, np.random.default_rng(0), size=BATCH)
        self.work = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        with ExitStack() as stack:
            enter = stack.enter_context
            ours = enter(Worker(KerasTraining, selection))
            weights = ours("weights")
            fixed, research = (
                partial(KerasTraining, fixed=True),
                partial(TorchTraining, research=True),
            )
            variants = {
                "ours": ours,
                "fixed": enter(Worker(fixed, selection, weights)),
                "torch": enter(Worker(TorchTraining, selection, weights)),
                "research": enter(Worker(research, selection, weights)),
            }
            self.outputs = [worker("outputs", self.work[:BLOCK]) for worker in variants.values()]
            self.first, self.again = ours("compilation_seconds")
            self._train(variants)

    def _train(self, variants: Mapping[str, Worker]) -> None:
        self.seconds, rates = dict.fromkeys(variants, 0.0), []
        for worker in variants.values():
            worker("train", self.work[:BLOCK])
        for number, start in enumerate(range(0, len(self.work), BLOCK)):
            for name in list(variants)[:: 1 - 2 * (number % 2)]:
                variants[name]("train", self.work[start : start + BLOCK])
                self.seconds[name] += variants[name].seconds
            rates.append(variants["ours"]("matrix_rate"))
        self.matrix_rate = float(np.median(rates))

    @property
    def utterances_per_second(self) -> float:
        """The rate of our training."""
        return len(self.selection) / self.seconds["ours"]

    def rows(self) -> Iterator[Row]:
        """The results as ratios."""
        needed, padded, fixed = self._multiply_adds()
        ours = self.seconds["ours"]
        speed = {name: seconds / ours for name, seconds in self.seconds.items()}
        yield "utterances per second", "", f"{self.utterances_per_second:.0f}"
        trimmed = (
            f"{speed['fixed']:.2f} of {fixed / padded:.2f}: {speed['fixed'] * padded / fixed:.0%}"
        )
        yield "speed over fixed padding, of the ratio of the multiply-adds", "≥ 80 %", trimmed
        yield "speed over PyTorch, same batches", "≥ 1", f"{speed['torch']:.2f}"
        yield "speed over PyTorch, fixed padding", "≥ 3", f"{speed['research']:.2f}"
        reached = (
            f"{needed / ours / self.matrix_rate:.0%} of {self.matrix_rate / 1e9:.0f} G per second"
        )
        real = f"{needed / padded:.0%} are of real steps"
        yield "multiply-adds of real steps, of the matrix rate", "≥ 50 %", f"{reached}; {real}"
        largest = max(float(np.abs(got - self.outputs[0]).max()) for got in self.outputs)
        yield "largest difference between the outputs of all four", "≤ 1e-4", f"{largest:.0e}"
        share = f"{self.first:.1f} s are {self.first / (EPOCHS * ours):.0%}"
        measured = f"{share}; each further training {self.again:.2f} s"
        yield f"building and tracing, of a run of {EPOCHS} epochs", "< 10 %", measured

    def _multiply_adds(self) -> tuple[int, int, int]:
        """Multiply-adds of the real steps, of trimmed batches, and of fixed padding."""
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
