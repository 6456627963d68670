"""How long MDAT's part of the paper's tables takes, at measured rates.

    python benchmarks/paper_hours.py --urdu corpora/urdu --emodb corpora/emodb

Random features of the width of XLS-R and XLM-R, as many utterances of each corpus as are asked for,
over all its lengths. The strides take turns, each in a process of its own. Seconds are those of
the processor: with one thread, those of one core.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
import numpy as np
from lengths import random_selection, steps_of
from reading import iemocap_steps
from trainings import FRAMES, KerasTraining
from worker import Worker

from mdat_train.classifiers.lesson import LEAST_UTTERANCES
from mdat_train.config import PROTOCOLS, TABLES, TrainConfig
from mdat_train.tables.plan import grid
from mdat_train.tables.plan.grid import Job
from mdat_train.tables.plan.protocols import CORPORA, WITHIN, Corpus

DEFAULTS = TrainConfig(source=(), shots=(0, 5, 10, 15))
"""The defaults of mdat-tables."""

UTTERANCES = {
    "iemocap": (800, 800),
    "emodb": (535, 420),
    "emovo": (504, 336),
    "urdu": (400, 400),
}
"""Utterances of the paper's classes: within the corpus, and across corpora."""

STRIDES = (1, 2, 4)
"""`--frame-stride`."""

BATCH, TURNS = 16, 2

FORWARD = 1 / 3
"""Time for testing an utterance, relative to the time for training on it."""


@click.command()
@click.option("--urdu", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--emodb", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--batches", default=4, show_default=True, help="Of each corpus, in each turn.")
@click.option("--precision", default="float32", show_default=True)
def main(urdu: Path, emodb: Path, batches: int, precision: str) -> None:
    """Print the rates of training and the hours of the tables, by stride."""
    steps = {"urdu": steps_of("urdu", urdu), "emodb": steps_of("emodb", emodb)}
    steps["iemocap"] = iemocap_steps(400).tolist()
    rates = {name: measured(of_corpus, batches, precision) for name, of_corpus in steps.items()}
    click.echo(f"| stride | {' | '.join(rates)} | hours |\n|---|{'---:|' * 4}")
    for number, stride in enumerate(STRIDES):
        of_stride = {name: of_corpus[number] for name, of_corpus in rates.items()}
        cells = [f"{rate:.0f}" for rate in of_stride.values()]
        cells.append(f"{paper_hours(of_stride):.1f}")
        click.echo(f"| {stride} | {' | '.join(cells)} |")


def measured(steps: Sequence[int], batches: int, precision: str) -> list[float]:
    """Utterances per second with each stride, on the same utterances."""
    chosen = np.linspace(0, len(steps) - 1, batches * BATCH).astype(int)
    corpus = random_selection(np.sort(steps)[chosen].tolist(), frames=FRAMES)
    work = np.split(np.arange(len(chosen)), batches)
    with ExitStack() as stack:
        workers = []
        for stride in STRIDES:
            speech = tuple(rows[::stride] for rows in corpus.speech)
            make = partial(KerasTraining, replace(corpus, speech=speech), precision=precision)
            workers.append(stack.enter_context(Worker(make)))
        seconds = np.zeros(len(workers))
        for turn in range(1 + TURNS):  # the first allocates memory
            for number, worker in enumerate(workers):
                worker("train", work)
                seconds[number] += worker.cpu_seconds * bool(turn)
    return (TURNS * len(chosen) / seconds).tolist()


def paper_hours(rates: Mapping[str, float], tables: Sequence[str] = TABLES) -> float:
    """Hours for MDAT in tables of the paper, both protocols, with the defaults.

    What several runs train alike is trained once.

    Args:
        rates: Utterances per second for each corpus. EMOVO has recordings as short as EMO-DB's, so
            EMO-DB's rate is used for it. URDU's, where it is missing, likewise.
        tables: Numbers of the tables.
    """
    rates = {"emovo": rates["emodb"], "urdu": rates["emodb"], **rates}
    corpora = {
        name: Corpus(path=Path(f"{name}.h5"), digest=name, emotions=frozenset(WITHIN[name]))
        for name in CORPORA
    }
    wanted = grid.studies(corpora, tables=tables, models=("mdat",), protocols=PROTOCOLS)
    planned = grid.jobs(wanted, corpora, tables=tables, template=DEFAULTS, folder=Path())
    seconds = {what: needed for job in planned for what, needed in work(job, rates)}
    return sum(seconds.values()) / 3600


def work(job: Job, rates: Mapping[str, float]) -> Iterator[tuple[object, float]]:
    """What a run trains and tests, with its seconds; what runs share is equal in all of them."""
    study, config = job.study, job.config
    within, across = UTTERANCES[study.source]
    if study.target is None:
        folds = 1 if config.split == "80-20" else config.folds
        utterances = folds * within * (0.8 * config.epochs + 0.2 * FORWARD)
        yield job.out, utterances / rates[study.source]
        return
    source = "source", study.source, _merged(job, study.source), study.disable, config.first_seed
    yield source, across * config.epochs / rates[study.source]
    tested, rate = UTTERANCES[study.target][1] * FORWARD, rates[study.target]
    shots = [k for k in config.shots if k]
    trained = sum(-(-LEAST_UTTERANCES // (4 * k)) * 4 * k for k in shots)
    draws = config.shot_draws * bool(shots)
    adapted = trained * config.adapt_epochs + (1 + len(shots)) * tested
    yield job.out, (tested + draws * adapted) / rate
    alone = "support", study.target, _merged(job, study.target), config.split, config.first_seed
    if shots:
        yield alone, draws * (trained * config.epochs + len(shots) * tested) / rate


def _merged(job: Job, corpus: str) -> tuple[tuple[str, str], ...]:
    """The emotions of a corpus that its classes merge."""
    return tuple(pair for pair in job.config.merge if pair[0] in WITHIN[corpus])


if __name__ == "__main__":
    main()
