"""How the details of the offline features and of the training were chosen.

On EMO-DB alone, by folds inside the training speakers of each outer fold, so that no clip decides
about a choice by which it is tested later.

    python benchmarks/choices.py front-end --root corpora/emodb
    python benchmarks/choices.py pooling --root corpora/emodb
    python benchmarks/choices.py training --root corpora/emodb
    python benchmarks/choices.py order --root corpora/emodb
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click
import numpy as np

from mdat_data import batches
from mdat_data.corpora import read_corpus
from mdat_extract.encoders import logmel
from mdat_extract.encoders.char_ngram import CharNgram
from mdat_extract.inputs.audio import load
from mdat_train.classifiers.classifier import System
from mdat_train.classifiers.models import system_of
from mdat_train.cli.train import main as mdat_train
from mdat_train.config import MODELS, TrainConfig
from mdat_train.experiments import experiment
from mdat_train.inputs.selection import Selection
from mdat_train.runs.run import Result
from mdat_train.splits.folds import by_group

CLASSES = ("angry", "happy", "neutral", "sad")
OUTER, INNER = 5, 4
FRONT_ENDS: dict[str, Mapping[str, int]] = {
    "29 bands, 8 frames": {"BANDS": 29},
    "61 bands, 8 frames": {"BANDS": 61},
    "93 bands, 8 frames": {"BANDS": 93},
    "29 bands, 4 frames": {"BANDS": 29, "FRAMES": 4, "FRAME_HOP": 2},
    "29 bands, 16 frames": {"BANDS": 29, "FRAMES": 16, "FRAME_HOP": 8},
}
TRAININGS: tuple[Mapping[str, Any], ...] = (
    {"model": "linear"},
    {"model": "svm"},
    {"preset": "paper", "learning_rate": 3e-4},
    {"preset": "paper", "learning_rate": 1e-3},
    {"preset": "paper", "learning_rate": 1e-3, "normalize": "train"},
    {"preset": "base", "learning_rate": 3e-4},
    {"preset": "base", "learning_rate": 1e-3},
    *(
        {"model": model, "learning_rate": rate}
        for model in ("bilstm", "safrlm", "hcam")
        for rate in (3e-4, 1e-3, 3e-3)
    ),
)


@click.group()
def main() -> None:
    """Measure choices inside the training speakers of EMO-DB."""


@main.command()
@click.option("--root", type=Path, required=True, help="Of EMO-DB.")
def front_end(root: Path) -> None:
    """Compare front-ends by the linear classifier and the SVM."""
    for name, constants in FRONT_ENDS.items():
        corpus = encoded(root, constants)
        for kind in ("linear", "svm"):
            config = configuration(model=kind)
            report(f"{name}, {kind}", config, corpus, system(config, corpus), OUTER)


@main.command()
@click.option("--root", type=Path, required=True, help="Of EMO-DB.")
def pooling(root: Path) -> None:
    """Compare what the classifiers are given: mean and deviation over time, or the mean alone."""
    corpus = encoded(root, {})
    means = replace(corpus, speech=averaged(corpus.speech), text=averaged(corpus.text))
    for name, pooled in {"mean and deviation": corpus, "mean alone": means}.items():
        for kind in ("linear", "svm"):
            config = configuration(model=kind)
            report(f"{name}, {kind}", config, pooled, system(config, pooled), OUTER)


@main.command()
@click.option("--root", type=Path, required=True, help="Of EMO-DB.")
@click.option("--outer", default=OUTER, show_default=True, help="Outer folds to look into.")
@click.option("--patience", default=0, show_default=True, help="Of mdat-train: stopping early.")
@click.option("--model", "models", multiple=True, default=MODELS, help="Repeated; all if absent.")
def training(root: Path, outer: int, patience: int, models: tuple[str, ...]) -> None:
    """Compare presets of MDAT and learning rates."""
    corpus = encoded(root, {})
    for options in TRAININGS:
        config = configuration(**options, patience=patience)
        if config.model not in models:
            continue
        normalize = config.normalize or ("none" if config.preset == "paper" else "train")
        config = replace(config, normalize=normalize)
        report(", ".join(map(str, options.values())), config, corpus, system(config, corpus), outer)


@main.command()
@click.option("--root", type=Path, required=True, help="Of EMO-DB.")
def order(root: Path) -> None:
    """Compare batches of similar length with batches of any."""
    corpus = encoded(root, {})
    config = configuration(normalize="train")
    for name, pool in {"similar length": batches.POOL, "any length": 1}.items():
        with patch.object(batches, "POOL", pool):
            report(name, config, corpus, system(config, corpus), OUTER)


def averaged(utterances: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """Features (T, D) of every utterance as their mean, (1, D)."""
    return tuple(rows.mean(axis=0, keepdims=True, dtype=np.float32) for rows in utterances)


def system(config: TrainConfig, corpus: Selection) -> System:
    """What the configuration describes, for features of the corpus' widths."""
    dims = {"speech_dim": corpus.speech[0].shape[1], "text_dim": corpus.text[0].shape[1]}
    return system_of(config, **dims)


def configuration(**options: Any) -> TrainConfig:
    """The defaults of mdat-train with some options replaced."""
    options = {"folds": INNER, "seeds": 1} | options
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    parsed = mdat_train.make_context("mdat-train", ["--source", "emodb.h5", *words]).params
    del parsed["ablation"]
    return TrainConfig(**parsed | {"out": Path()})


def encoded(root: Path, constants: Mapping[str, int]) -> Selection:
    """EMO-DB's four classes, encoded with other constants of the front-end."""
    corpus = [u for u in read_corpus("emodb", root).utterances if u.emotion in CLASSES]
    with patch.dict(vars(logmel), constants):
        speech = logmel.LogMel().encode([load(u.audio) for u in corpus])
    text = CharNgram().encode([u.transcript for u in corpus])
    return Selection(
        classes=CLASSES,
        utterances=tuple(corpus),
        speech=tuple(features["last"] for features in speech),
        text=tuple(features["last"] for features in text),
    )


def report(name: str, config: TrainConfig, corpus: Selection, system: System, outer: int) -> None:
    """Print the UA inside the training speakers: mean and deviation over the outer folds."""
    uas = []
    for split in by_group(corpus.utterances, folds=OUTER, seed=0)[:outer]:
        inner = experiment.Experiment(system, config, quiet)
        inner.folds(corpus.of(split.train))
        (predictions,) = inner.predictions
        uas.append(Result.of(predictions.condition, [predictions], CLASSES).scores[0].ua)
    print(f"{name:40} {100 * np.mean(uas):5.1f} ± {100 * np.std(uas):4.1f}", flush=True)


@contextmanager
def quiet(name: str) -> Iterator[Callable[..., None]]:
    """No progress is shown."""
    yield lambda epoch, epochs: None


if __name__ == "__main__":
    main()
