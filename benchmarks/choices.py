"""How the details of the offline features and of the training were chosen.

On EMO-DB alone, by folds inside the training speakers of each outer fold: no utterance has an
effect on a choice that is later tested on it.

    python benchmarks/choices.py front-end --root corpora/emodb
    python benchmarks/choices.py pooling --root corpora/emodb
    python benchmarks/choices.py training --root corpora/emodb
    python benchmarks/choices.py order --root corpora/emodb
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click
import numpy as np

from mdat_data import batches
from mdat_data.corpora import read_corpus
from mdat_data.metrics import compute_metrics
from mdat_extract.encoders import logmel
from mdat_extract.encoders.char_ngram import CharNgram
from mdat_extract.inputs.audio import load
from mdat_train.classifiers import backend
from mdat_train.classifiers.classifier import Classifier
from mdat_train.classifiers.models import MODELS
from mdat_train.config import TrainConfig
from mdat_train.experiments.cross_validation import run_folds
from mdat_train.experiments.recorder import Recorder, silent
from mdat_train.inputs.defaults import resolved_alone
from mdat_train.inputs.selection import Selection
from mdat_train.make_config import make_config
from mdat_train.splits.folds import by_group

CLASSES = ("angry", "happy", "neutral", "sad")
OUTER = 5
CONFIG = make_config("emodb.h5", folds=4, seeds=1, speech_layer="last", text_layer="last")
"""Of the inner folds: the defaults of mdat-train, with one seed."""

FRONT_ENDS: dict[str, Mapping[str, int]] = {
    "29 bands, 8 frames": {"BANDS": 29},
    "61 bands, 8 frames": {"BANDS": 61},
    "93 bands, 8 frames": {"BANDS": 93},
    "29 bands, 4 frames": {"BANDS": 29, "FRAMES": 4, "FRAME_HOP": 2},
    "29 bands, 16 frames": {"BANDS": 29, "FRAMES": 16, "FRAME_HOP": 8},
}
"""Name -> constants of `mdat_extract.encoders.logmel`."""

TRAININGS: tuple[Mapping[str, Any], ...] = (
    {"model": "linear"},
    {"model": "svm"},
    {"preset": "paper", "learning_rate": 3e-4},
    {"preset": "paper", "learning_rate": 1e-3},
    {"preset": "paper", "learning_rate": 1e-3, "normalize": "train"},
    {"preset": "wide", "learning_rate": 3e-4},
    {"preset": "wide", "learning_rate": 1e-3},
    *(
        {"model": model, "learning_rate": rate}
        for model in ("bilstm", "safrlm", "hcam")
        for rate in (3e-4, 1e-3, 3e-3)
    ),
)
"""Fields of the configuration."""

root_option = click.option("--root", type=Path, required=True, help="Folder of EMO-DB.")


@click.group()
def main() -> None:
    """Measure choices inside the training speakers of EMO-DB."""


@main.command()
@root_option
def front_end(root: Path) -> None:
    """Compare front-ends by the linear classifier and the SVM."""
    for name, constants in FRONT_ENDS.items():
        corpus = encoded(root, constants)
        for model in ("linear", "svm"):
            report(f"{name}, {model}", configuration(model=model), corpus)


@main.command()
@root_option
def pooling(root: Path) -> None:
    """Compare mean and standard deviation over time with the mean alone."""
    corpus = encoded(root, {})
    means = replace(corpus, speech=averaged(corpus.speech), text=averaged(corpus.text))
    for name, pooled in {"mean and deviation": corpus, "mean alone": means}.items():
        for model in ("linear", "svm"):
            report(f"{name}, {model}", configuration(model=model), pooled)


@main.command()
@root_option
@click.option("--outer", default=OUTER, show_default=True, help="Number of outer folds.")
@click.option("--patience", default=0, show_default=True, help="As of mdat-train.")
@click.option(
    "--model",
    "models",
    type=click.Choice(tuple(MODELS)),
    multiple=True,
    default=tuple(MODELS),
    help="May be repeated; the default is all.",
)
def training(root: Path, outer: int, patience: int, models: tuple[str, ...]) -> None:
    """Compare presets of MDAT and learning rates."""
    corpus = encoded(root, {})
    for options in TRAININGS:
        config = configuration(**options, patience=patience)
        if config.model in models:
            report(", ".join(map(str, options.values())), config, corpus, outer=outer)


@main.command()
@root_option
def order(root: Path) -> None:
    """Compare batches of similar length with batches of any length."""
    corpus = encoded(root, {})
    for name, pool in {"similar length": batches.POOL, "any length": 1}.items():
        with patch.object(batches, "POOL", pool):
            report(name, configuration(), corpus)


def averaged(utterances: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """Features (T, D) of every utterance as their mean, (1, D)."""
    return tuple(rows.mean(axis=0, keepdims=True, dtype=np.float32) for rows in utterances)


def configuration(**options: Any) -> TrainConfig:
    """The configuration with some fields replaced, and all defaults filled in."""
    return resolved_alone(replace(CONFIG, **options))


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


def report(name: str, config: TrainConfig, corpus: Selection, *, outer: int = OUTER) -> None:
    """Print the UA inside the training speakers: mean and deviation over the outer folds."""
    classifier = untrained(config, corpus)
    uas = []
    for split in by_group(corpus.utterances, folds=OUTER, seed=0)[:outer]:
        recorder = Recorder(classifier, config, silent)
        run_folds(recorder, corpus.of(split.train))
        [predictions] = recorder.predictions
        uas.append(compute_metrics(predictions.truth, predictions.predicted, CLASSES).ua)
    click.echo(f"{name:40} {100 * np.mean(uas):5.1f} ± {100 * np.std(uas):4.1f}")


def untrained(config: TrainConfig, corpus: Selection) -> Classifier:
    """The classifier of a configuration, for features of the corpus' widths."""
    backend.start()
    from mdat_train.classifiers.build import build_classifier
    from mdat_train.classifiers.compiled_models import CompiledModels

    return build_classifier(
        config,
        speech_dim=corpus.speech[0].shape[1],
        text_dim=corpus.text[0].shape[1],
        models=CompiledModels(),
    )


if __name__ == "__main__":
    main()
