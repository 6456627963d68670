"""Options that mdat-train and mdat-tables share.

Every option has the name of a field of `TrainConfig` and takes its default from there.
"""

from collections.abc import Callable
from typing import Any

import click

from mdat_train.adaptation import AUTO, HALF, METHODS, STARTS, Strengths
from mdat_train.classifiers.models import MODELS
from mdat_train.cli.values import pairs
from mdat_train.config import MODALITIES, NORMALIZATIONS, PRECISIONS, PRESETS, TrainConfig

DEFAULT = TrainConfig(source=())


def _whole(name: str, help: str, *, least: int = 1, **details: Any) -> Callable[..., Any]:
    return click.option(name, type=click.IntRange(min=least), help=help, **details)


def _rate(name: str, shown: str, help: str) -> Callable[..., Any]:
    kind = click.FloatRange(min=0, min_open=True)
    return click.option(name, type=kind, show_default=shown, help=help)


_TRAINING = [
    click.option(
        "--modality",
        type=click.Choice(MODALITIES),
        default=DEFAULT.modality,
        help="Use both speech and text, or only one of them.",
    ),
    click.option(
        "--preset",
        type=click.Choice(PRESETS),
        default=DEFAULT.preset,
        help="Preset of mdat. base: 64 wide, with a residual connection, scaled attention scores, "
        "and a linear classifier beside the network; wide: 256 wide, without linear classifier; "
        "paper: the equations as the paper prints them.",
    ),
    click.option(
        "--set",
        "model_options",
        multiple=True,
        callback=pairs,
        metavar="graph_heads=4",
        show_default="none",
        help="Set a field of the configuration of a network, such as heads, layers or dropout; may "
        "be repeated. An unknown name prints the list of fields.",
    ),
    click.option(
        "--speech-layer",
        metavar="LAYER",
        show_default="the middle one; last under the preset paper",
        help="Stored layer of the speech encoder, or mix: a learned weighted sum of all stored "
        "layers.",
    ),
    click.option(
        "--text-layer",
        metavar="LAYER",
        show_default="last, or the highest number if last is not stored",
        help="Stored layer of the text encoder.",
    ),
    _whole(
        "--frames", "Longer speech is cropped to this number of frames.", default=DEFAULT.frames
    ),
    _whole(
        "--frame-stride",
        "Average this number of neighbouring frames of speech, so that a network has fewer steps.",
        show_default="12.5 steps a second are left; 1 for linear, svm and the preset paper",
    ),
    _whole("--folds", "Number of folds within a corpus.", least=2, default=DEFAULT.folds),
    click.option(
        "--adaptation",
        type=click.Choice((*METHODS, AUTO)),
        show_default="joint; finetune under the preset paper, in ablations and in the paper's "
        "tables",
        help="Method that adapts a model to the support set of the target. finetune: training goes "
        "on with the support set alone; joint: with source and support together; prior: with the "
        "support set, near the weights of the source; none: the model stays as it is; auto: "
        "chooses a method and its strength by the same game among the sources, each of which "
        "stands for the target in turn.",
    ),
    click.option(
        "--adapt-share",
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        show_default=f"N / (N + {HALF}) for the N utterances of the support set",
        help="Share of the support set in the loss of --adaptation joint.",
    ),
    _rate(
        "--adapt-pull",
        f"{Strengths().pull:g}",
        "How strongly --adaptation prior pulls the weights to those of the source.",
    ),
    click.option(
        "--adapt-from",
        type=click.Choice(STARTS),
        show_default=Strengths().start,
        help="The weights that --adaptation joint starts from: those of the source, or new ones.",
    ),
    click.option(
        "--adapt-pseudo-labels",
        is_flag=True,
        default=None,
        show_default="no",
        help="--adaptation joint learns once more, from the unlabelled utterances of the target "
        "too whose predictions are surest (transductive).",
    ),
    _whole(
        "--shot-draws",
        "Number of draws of the support set for each seed. The draws are the same for every model "
        "and every number of shots.",
        default=DEFAULT.shot_draws,
    ),
    _whole(
        "--seeds",
        "Number of seeds. Each seed has its own initial weights and, within a corpus, its own "
        "folds.",
        default=DEFAULT.seeds,
    ),
    _whole("--epochs", "Number of epochs over the source.", default=DEFAULT.epochs),
    _whole(
        "--patience",
        "Early stopping: number of epochs without improvement on validation groups that are held "
        "out of the training set; the best epoch is kept. 0 disables it and trains on all groups.",
        least=0,
        default=DEFAULT.patience,
    ),
    _whole(
        "--adapt-epochs", "Number of epochs over the support set.", default=DEFAULT.adapt_epochs
    ),
    _whole("--batch-size", "Number of utterances in a batch.", default=DEFAULT.batch_size),
    _rate(
        "--learning-rate",
        ", ".join(f"{m.learning_rate:g} for {m.name}" for m in MODELS.values() if m.has_epochs)
        + f"; {MODELS['mdat'].wide_learning_rate:g} for mdat under the presets wide and paper",
        "Highest learning rate: it is reached after the warm-up, and a cosine decay follows.",
    ),
    _rate(
        "--adapt-learning-rate",
        "a tenth of --learning-rate; all of it with --adaptation finetune",
        "Learning rate of the adaptation; it is constant.",
    ),
    _rate(
        "--l2",
        "0.03 between corpora that have scales of their own; else 1 / number of utterances",
        "Penalty on the weights of --model linear, or of the linear classifier beside the network "
        "of mdat, as a part of the mean loss of an utterance.",
    ),
    click.option(
        "--normalize",
        type=click.Choice(NORMALIZATIONS),
        show_default="corpus with a target; train within a corpus and with --adaptation finetune; "
        "none under the preset paper",
        help="Statistics that standardise the features. none: features stay as they are; train: "
        "those of the training set; corpus: those of each corpus (transductive: the unlabelled "
        "target is used); support: the same of the sources, but of the target only those of its "
        "labelled utterances; speaker: those of each speaker (transductive), mixed with those of "
        "the corpus where there are few utterances, and only if labelled utterances show most "
        "speakers with three emotions.",
    ),
    click.option(
        "--precision",
        type=click.Choice(PRECISIONS),
        default=DEFAULT.precision,
        help="Of the multiplications of a network: bfloat16 is faster on processors and cards that "
        "have it, several times slower on others, and changes the results a little.",
    ),
    click.option(
        "--memory",
        type=click.FloatRange(min=0),
        default=DEFAULT.memory,
        metavar="GIB",
        help="Largest size of all features that are held in memory; larger features are read from "
        "the files for every batch. The results are the same.",
    ),
    _whole(
        "--resampling-seed",
        "Seed of the bootstrap and of the sign-flip test.",
        least=0,
        default=DEFAULT.resampling_seed,
    ),
]


def training_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that both commands have: what a model uses, and how it is trained."""
    for option in reversed(_TRAINING):
        command = option(command)
    return command
