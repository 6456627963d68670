"""What makes MDAT better: its width, its training, its parts, each changed alone.

All changes are made to the network without the linear classifier beside it, which would hide them.

    python benchmarks/causes.py --features caches --features whisper --results causes.jsonl

By folds inside the training speakers of EMO-DB and nEMO; their test speakers are never used. Each
folder of --features has emodb.h5 and nemo.h5 of one encoder. Finished results are kept in the file
of --results: the same command continues.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import causes_changes as changes
import click
import numpy as np
from kept_results import features_option, keep, read, results_option
from scipy import stats

from mdat_data.metrics import compute_metrics
from mdat_train.classifiers import backend
from mdat_train.classifiers.build import build_classifier
from mdat_train.classifiers.compiled_models import CompiledModels
from mdat_train.experiments.cross_validation import run_folds
from mdat_train.experiments.recorder import Recorder, silent
from mdat_train.inputs.loading import load
from mdat_train.make_config import make_config
from mdat_train.splits.folds import by_group

CORPORA = ("emodb", "nemo")
OUTER, FOLDS = 5, 4
"""The test speakers of the first outer fold are left out; the others are divided into folds."""

AT_MOST = 75
"""Utterances of each emotion of a corpus, so that nEMO costs no more than EMO-DB."""

BASE = "network alone"
NO_LINEAR = {"linear": 0.0}
"""The fields of `MDATConfig` that take the linear classifier away."""


@dataclass(frozen=True)
class Change:
    """One change of the default training of MDAT.

    Attributes:
        options: Fields of `TrainConfig`.
        model: Fields of `MDATConfig`, besides `NO_LINEAR`.
        training: Patches the model or its training.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    model: Mapping[str, Any] = field(default_factory=dict)
    training: Callable[[ExitStack], None] | None = None


CHANGES: dict[str, Change] = {
    BASE: Change(),
    "with linear, 0.75 (base)": Change(model={"linear": 0.75}),
    "with linear, 0.5": Change(model={"linear": 0.5}),
    "linear": Change({"model": "linear"}),
    "linear, speech alone": Change({"model": "linear", "modality": "speech"}),
    "speech alone": Change({"modality": "speech"}),
    "256 wide, 3e-4": Change({"preset": "wide"}),
    "64 wide, 1e-3": Change({"learning_rate": 1e-3}),
    "64 wide, 1e-2": Change({"learning_rate": 1e-2}),
    "32 wide": Change(model={"projection": 32}),
    "20 epochs": Change({"epochs": 20}),
    "batches of 8": Change({"batch_size": 8}),
    "no warm-up": Change(training=changes.no_warm_up),
    "no class weights": Change(training=changes.no_class_weights),
    "not standardised": Change({"normalize": "none"}),
    "weight decay 0.1": Change(training=changes.weight_decay),
    "averaged weights": Change(training=changes.averaged_weights),
    "three networks": Change(training=changes.three_networks),
    "input dropout 0.2": Change(training=changes.input_dropout),
    "time masking": Change(training=changes.time_masking),
    "mixup": Change(training=changes.mixup),
    "label smoothing 0.1": Change(training=changes.label_smoothing),
    "pooling statistics": Change(model={"pooling": "statistics"}),
    "attentive pooling": Change(training=changes.attentive_pooling),
    "pooled inputs in the head": Change(training=changes.pooled_inputs),
    "two encoder layers": Change(model={"encoder_layers": 2}),
    "a graph for each stream": Change(model={"graph_scope": "modality"}),
    "no residual": Change(model={"residual": False}),
    "no scale": Change(model={"scale": False}),
    "no transformer": Change({"disable": ("transformer",)}),
    "no co-attention": Change({"disable": ("co",)}),
    "no graph attention": Change({"disable": ("graph",)}),
}
"""Name -> change."""


@click.command()
@features_option
@click.option("--change", "names", type=click.Choice(tuple(CHANGES)), multiple=True)
@click.option("--corpus", "corpora", type=click.Choice(CORPORA), multiple=True, default=CORPORA)
@click.option("--seeds", type=click.IntRange(min=2), default=3, show_default=True)
@results_option
def main(
    folders: tuple[Path, ...],
    names: tuple[str, ...],
    corpora: tuple[str, ...],
    seeds: int,
    results: Path,
) -> None:
    """Measure changes of MDAT, and print the table of all that are kept."""
    kept = {Cell(**cell): result for cell, result in read(results)}
    for name in names or CHANGES:
        for folder in folders:
            for corpus in corpora:
                cell = Cell(encoder=folder.name, corpus=corpus, change=name, seeds=seeds)
                if cell not in kept:
                    kept[cell] = measured(folder / f"{corpus}.h5", CHANGES[name], seeds)
                    keep(results, asdict(cell), kept[cell])
    click.echo(table({cell: result for cell, result in kept.items() if cell.seeds == seeds}))


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one result is of."""

    encoder: str
    corpus: str
    change: str
    seeds: int


def measured(path: Path, change: Change, seeds: int) -> dict[str, Any]:
    """UA of each seed in %, that of their averaged probabilities, and seconds of the processor."""
    start = time.process_time()
    with ExitStack() as stack:
        backend.start()
        if change.training is not None:
            change.training(stack)
        settings: dict[str, Any] = {
            "model": "mdat",
            "folds": FOLDS,
            "at_most": AT_MOST,
            "model_options": {} if "model" in change.options else NO_LINEAR | change.model,
        }
        data = load(make_config(path, seeds=seeds, **settings | change.options))
        corpus = data.source.of(by_group(data.source.utterances, folds=OUTER, seed=0)[0].train)
        classifier = build_classifier(
            data.config,
            speech_dim=corpus.speech[0].shape[1],
            text_dim=corpus.text[0].shape[1],
            models=CompiledModels(),
        )
        recorder = Recorder(classifier, data.config, silent)
        run_folds(recorder, corpus)
    of_seeds = [sorted_by_id(predicted) for predicted in recorder.predictions]
    truth = of_seeds[0][0]
    return {
        "ua": [ua(truth, probabilities, corpus.classes) for _, probabilities in of_seeds],
        "averaged": ua(truth, np.mean([p for _, p in of_seeds], axis=0), corpus.classes),
        "seconds": time.process_time() - start,
    }


def sorted_by_id(predicted: Any) -> tuple[np.ndarray, np.ndarray]:
    """Truth and probabilities of one seed in an order that all seeds share."""
    order = np.argsort(predicted.ids)
    return predicted.truth[order], predicted.probabilities[order]


def ua(truth: np.ndarray, probabilities: np.ndarray, classes: tuple[str, ...]) -> float:
    """Unweighted accuracy in %."""
    return 100 * compute_metrics(truth, probabilities.argmax(axis=1), classes).ua


def table(results: Mapping[Cell, Mapping[str, Any]]) -> str:
    """UA as Markdown, with the gain over the base where all columns of the base are there."""
    columns = list(dict.fromkeys((cell.encoder, cell.corpus) for cell in results))
    rows: dict[str, dict[tuple[str, str], Mapping[str, Any]]] = {}
    for cell, result in results.items():
        rows.setdefault(cell.change, {})[cell.encoder, cell.corpus] = result
    base = rows.get(BASE, {})
    lines = [
        f"| change | {' | '.join(', '.join(column) for column in columns)} "
        "| gain | seeds averaged | seconds |",
        "|---|" + "---:|" * (len(columns) + 3),
    ]
    for name, row in rows.items():
        shown = [f"{np.mean(row[c]['ua']):.1f}" if c in row else "" for c in columns]
        averaged = np.mean([result["averaged"] for result in row.values()])
        seconds = sum(result["seconds"] for result in row.values())
        lines.append(
            f"| {name} | {' | '.join(shown)} | {gain(row, base)} | {averaged:.1f} | {seconds:.0f} |"
        )
    return "\n".join(lines)


def gain(row: Mapping[Any, Mapping[str, Any]], base: Mapping[Any, Mapping[str, Any]]) -> str:
    """Mean gain over the base with half of its 95 % interval, by its scatter between seeds.

    A seed has one gain, the mean over its columns; the interval is over the seeds.
    """
    if row is base or row.keys() != base.keys():
        return ""
    of_seeds = np.mean([np.subtract(row[c]["ua"], base[c]["ua"]) for c in base], axis=0)
    n = len(of_seeds)
    half = stats.t.ppf(0.975, n - 1) * of_seeds.std(ddof=1) / np.sqrt(n)
    return f"{of_seeds.mean():+.1f} ± {half:.1f}"


if __name__ == "__main__":
    main()
