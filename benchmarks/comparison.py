"""Which model is best? All of them, within corpora and across languages, with paired tests.

    python benchmarks/comparison.py --features logmel --features whisper --out comparison

Each folder of --features has emodb.h5, nemo.h5 and urdu.h5 of one encoder. Finished runs are kept
in the folder --out: the same command continues.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from typing import Any

import click
import numpy as np
from kept_results import features_option

from mdat_data.cache import open_features
from mdat_data.metrics import compute_metrics
from mdat_train.classifiers import backend
from mdat_train.config import TrainConfig
from mdat_train.evaluation.comparison import holm
from mdat_train.evaluation.pooled import Pooled, pooled
from mdat_train.inputs.defaults import resolved
from mdat_train.make_config import make_config
from mdat_train.runs.condition import ADAPTED, FOLDS, QUERY, SOURCE
from mdat_train.runs.predictions import Predictions
from mdat_train.tables.plan.engine import LOCAL, finished, pending, run_jobs
from mdat_train.tables.plan.grid import Job, jobs_of
from mdat_train.tables.plan.protocols import FOUR
from mdat_train.tables.plan.study import Study
from mdat_train.tables.plan.transfer import every_corpus

CORPORA = ("emodb", "nemo", "urdu")
SHOTS = (0, 5, 15)
AT_MOST = 75
"""Utterances of each emotion of a corpus, so that nEMO costs no more than EMO-DB."""

OURS = "mdat"
MODELS: dict[str, dict[str, Any]] = {
    OURS: {"model": "mdat"},
    "mdat, wide": {"model": "mdat", "preset": "wide"},
    "mdat, paper": {"model": "mdat", "preset": "paper"},
    **{name: {"model": name} for name in ("bilstm", "safrlm", "hcam", "linear", "svm")},
}
"""Name of a column -> the options of its model."""

BESIDE, WITH_LINEAR = "linear, the network's steps", "bilstm, with linear"
"""Logistic regression on the same steps as a network, as in MDAT; and the column in which it is
combined with BiLSTM instead, which shows whether MDAT's network is what helps."""

OPTIONS = MODELS | {BESIDE: {"model": "linear"}}

FIXED = ("bilstm", "whisper", "across, 0")
"""The comparison that was named before any result was seen: a model, an encoder and tasks."""


@dataclass(frozen=True, kw_only=True, order=True)
class Task:
    """A row: a corpus by folds, or a source, a target and a number of shots.

    Attributes:
        encoder: Name of the folder of its features.
        source: The corpus to train on.
        target: The corpus to adapt to and to test on; empty within the source.
        shots: Labelled utterances of each emotion of the target.
    """

    encoder: str
    source: str
    target: str = ""
    shots: int = 0

    @property
    def kind(self) -> str:
        """The tasks that it is averaged with."""
        return f"across, {self.shots}" if self.target else "within"

    @property
    def label(self) -> str:
        """Its row."""
        return f"{self.source} → {self.target}, {self.shots}" if self.target else self.source


TaskPredictions = Mapping[Task, Sequence[Predictions]]
"""Task -> the predictions of a model, one item for each seed."""

Results = Mapping[str, TaskPredictions]
"""Name of a model -> its predictions."""


@click.command()
@features_option
@click.option("--model", "models", type=click.Choice(tuple(MODELS)), multiple=True)
@click.option("--within", is_flag=True, help="Within corpora alone.")
@click.option("--seeds", default=2, show_default=True)
@click.option("--jobs", "at_once", default=1, show_default=True, help="Runs at a time.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def main(
    folders: tuple[Path, ...],
    models: tuple[str, ...],
    within: bool,
    seeds: int,
    at_once: int,
    out: Path,
) -> None:
    """Run the models, and print their table and their comparisons with MDAT."""
    names = models or tuple(MODELS)
    needed = {*names, *([BESIDE] if "bilstm" in names else [])}
    pairs = [] if within else permutations(CORPORA, 2)
    tasks = [*((corpus, None) for corpus in CORPORA), *pairs]
    planned = {
        name: list(jobs_of_model(name, folders, tasks, seeds=seeds, out=out))
        for name in OPTIONS
        if name in needed
    }
    jobs = [job for of_model in planned.values() for job in of_model]
    for job, failure in run_jobs(pending(jobs), at_once=at_once, engine=LOCAL):
        if failure:
            raise click.ClickException(f"{job.study.label}: {failure}")
    results = {name: by_task(of_model) for name, of_model in planned.items()}
    if BESIDE in results:
        results[WITH_LINEAR] = joined(results["bilstm"], results.pop(BESIDE))
    click.echo(table(results))
    if OURS in results:
        click.echo(comparisons(results))


def jobs_of_model(
    name: str,
    folders: Sequence[Path],
    tasks: Sequence[tuple[str, str | None]],
    *,
    seeds: int,
    out: Path,
) -> Iterator[Job]:
    """The runs of one model; all models read the same layer, and networks the same steps."""
    for folder in folders:
        corpora = every_corpus(folder)
        shared = shared_options(corpora[CORPORA[0]].path)
        for source, target in tasks:
            files = [corpora[name] for name in (source, target) if name]
            options = {"speech_layer": shared.speech_layer, **OPTIONS[name]}
            if name in (BESIDE, "mdat, paper"):  # their default is every frame
                options["frame_stride"] = shared.frame_stride
            config = make_config(
                *(file.path for file in files),
                at_most=AT_MOST,
                seeds=seeds,
                shot_draws=1,
                shots=SHOTS if target else (0,),
                **options,
            )
            study = Study(protocol=folder.name, source=source, target=target, model=config.model)
            yield from jobs_of(study, config, [file.digest for file in files], out)


def shared_options(path: Path) -> TrainConfig:
    """The layer, and the steps of a network, that MDAT's own default is with these features."""
    with open_features(path) as cache:
        return resolved(make_config(path), [cache])


def by_task(jobs: Sequence[Job]) -> dict[Task, list[Predictions]]:
    """The predictions of all seeds for each row."""
    found: dict[Task, list[Predictions]] = {}
    for job, run in finished(jobs).items():
        task = Task(
            encoder=job.study.protocol, source=job.study.source, target=job.study.target or ""
        )
        for p in run.predictions:
            of = p.condition
            unadapted = of.trained_on == SOURCE and not of.shots
            query = of.tested_on == QUERY and (unadapted or of.trained_on == ADAPTED)
            if of.model == job.config.model and (of.tested_on == FOLDS or query):
                found.setdefault(replace(task, shots=of.shots), []).append(p)
    return found


def joined(network: TaskPredictions, linear: TaskPredictions) -> dict[Task, list[Predictions]]:
    """The geometric mean of the probabilities of both, with the weights of MDAT's preset."""
    backend.start()
    import keras

    from mdat_keras import PRESETS
    from mdat_keras.models.classification_head import geometric_mean

    weight = PRESETS["base"].linear
    found: dict[Task, list[Predictions]] = {}
    for task, predictions in network.items():
        for ours, theirs in zip(predictions, linear[task], strict=True):
            if (ours.ids, ours.seed) != (theirs.ids, theirs.seed):
                raise ValueError(f"{task.label}: the two models predicted other utterances.")
            mean = keras.ops.convert_to_numpy(
                geometric_mean(ours.probabilities, theirs.probabilities, weight=weight)
            )
            found.setdefault(task, []).append(replace(ours, probabilities=mean))
    return found


def table(results: Results) -> str:
    """UA in %: the mean of each kind of task, then every task; mean over seeds."""
    tasks = sorted(next(iter(results.values())))
    kinds = list(dict.fromkeys((task.encoder, task.kind) for task in tasks))
    lines = [f"| features | task | {' | '.join(results)} |", "|---|---|" + "---:|" * len(results)]
    for encoder, kind in kinds:
        of_kind = [task for task in tasks if (task.encoder, task.kind) == (encoder, kind)]
        lines.append(row(f"{encoder} | {kind}", results, of_kind))
    lines.append(row("all | all", results, tasks))
    lines += ["", *lines[:2], *(row(f"{t.encoder} | {t.label}", results, [t]) for t in tasks)]
    return "\n".join(lines)


def row(head: str, results: Results, tasks: Sequence[Task]) -> str:
    """The mean UA of each model over some tasks."""
    cells = [f"{np.mean([ua(p) for t in tasks for p in of[t]]):.1f}" for of in results.values()]
    return f"| {head} | {' | '.join(cells)} |"


def ua(predictions: Predictions) -> float:
    """Unweighted accuracy in %."""
    return 100 * compute_metrics(predictions.truth, predictions.predicted, FOUR).ua


def comparisons(results: Results) -> str:
    """MDAT less each other model over all tasks, with Holm's correction, and the fixed one."""
    others = [name for name in results if name != OURS]
    tested = {name: compared(results[OURS], results[name]) for name in others}
    corrected = holm([of.p for of in tested.values()])
    lines = [
        "",
        "| MDAT less | points | 95 % interval | p | after Holm |",
        "|---|---:|---:|---:|---:|",
    ]
    for (name, of), p in zip(tested.items(), corrected, strict=True):
        lines.append(f"| {name} | {shown(of)} | {of.p:.2g} | {p:.2g} |")
    model, encoder, kind = FIXED
    if any((task.encoder, task.kind) == (encoder, kind) for task in results.get(model, ())):
        of = compared(results[OURS], results[model], encoder, kind)
        lines.append(f"| {model}, {encoder}, {kind} | {shown(of)} | {of.p:.2g} | |")
    return "\n".join(lines)


def shown(of: Pooled) -> str:
    """A difference and its interval, in points."""
    low, high = 100 * of.low, 100 * of.high
    return f"{100 * of.difference:+.1f} | [{low:+.1f}, {high:+.1f}]"


def compared(ours: TaskPredictions, theirs: TaskPredictions, *only: str) -> Pooled:
    """Compare two models over tasks, of one encoder and kind or of all.

    A speaker is tested in many tasks and is one sample: the tasks of a tested corpus are joined as
    if they were seeds.
    """
    pairs = []
    for corpus in CORPORA:
        tasks = [
            task
            for task in ours
            if (task.target or task.source) == corpus and only in ((), (task.encoder, task.kind))
        ]
        pairs.append((as_seeds(ours, tasks), as_seeds(theirs, tasks)))
    return pooled(pairs, seed=0)


def as_seeds(of: TaskPredictions, tasks: Sequence[Task]) -> list[Predictions]:
    """The predictions of some tasks, numbered."""
    return [replace(p, seed=n) for n, p in enumerate(p for task in tasks for p in of[task])]


if __name__ == "__main__":
    main()
