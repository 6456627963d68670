"""Options that mdat-train and mdat-tables share, and functions that read their values.

Every option has the name of a field of `TrainConfig` and takes its default from there.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from mdat_data.process.paths import UsablePath
from mdat_train.adaptation import METHODS, STARTS, Strengths
from mdat_train.classifiers.models import MODELS
from mdat_train.config import MODALITIES, NORMALIZATIONS, PRECISIONS, PRESETS, TrainConfig

Callback = Callable[[click.Context, click.Parameter, tuple[str, ...]], Any]

DEFAULT = TrainConfig(source=())

LONGEST_NUMBER = 12
"""Digits of a whole number in a list. The configuration has lower limits."""


def words(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Words, repeated or separated by commas."""
    chosen = tuple(word.strip() for value in values for word in value.split(","))
    if not all(chosen):
        raise click.BadParameter(f"must be words separated by commas; got {','.join(chosen)!r}.")
    return chosen


def words_of(known: Iterable[str]) -> Callback:
    """Make a callback that accepts known words, repeated or separated by commas."""

    def read(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
        chosen = words(context, option, values)
        if unknown := sorted(set(chosen) - set(known)):
            raise click.BadParameter(
                f"must be one or more of {', '.join(known)}; got {unknown[0]!r}."
            )
        return tuple(dict.fromkeys(chosen))

    return read


def numbers(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Whole numbers, repeated or separated by commas, in ascending order."""
    chosen = words(context, option, values)
    if not all(word.isdecimal() and len(word) <= LONGEST_NUMBER for word in chosen):
        raise click.BadParameter(
            f"must be whole numbers, such as 0,5,10; got {','.join(chosen)[:40]!r}."
        )
    return tuple(sorted({int(word) for word in chosen}))


def some_of(known: Sequence[str], *names: str, metavar: str, help: str) -> Callable[..., Any]:
    """Make an option that takes some of the known words; the default is all of them."""
    return click.option(
        *names,
        multiple=True,
        default=known,
        show_default=",".join(known),
        callback=words_of(known),
        metavar=metavar,
        help=help,
    )


def pairs(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Pairs such as a=b, repeated or separated by commas."""
    chosen = tuple(tuple(word.split("=")) for word in words(context, option, values))
    if not all(len(pair) == 2 and all(pair) for pair in chosen):
        raise click.BadParameter(
            f"must be pairs, such as {option.metavar}; got {','.join(values)!r}."
        )
    return chosen


def paths(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Paths of files, repeated or separated by commas; a file may have a comma in its name."""
    chosen: list[Path] = []
    for value in values:
        parts = (value,) if os.path.lexists(value) else words(context, option, (value,))
        chosen += [UsablePath().convert(part, option, context) for part in parts]
        missing = [part for part in parts if not os.path.lexists(part)]
        if missing and len(parts) > 1:
            raise click.BadParameter(
                f"must name files that exist; got {value!r}, which is none, and neither is its "
                f"part {missing[0]!r}. Several files are separated by commas."
            )
    return tuple(chosen)


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
        help="Preset of mdat. base: narrower, with a residual connection and scaled attention "
        "scores; paper: the equations as the paper prints them.",
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
        default=DEFAULT.frame_stride,
    ),
    _whole("--folds", "Number of folds within a corpus.", least=2, default=DEFAULT.folds),
    click.option(
        "--adaptation",
        type=click.Choice(METHODS),
        default=DEFAULT.adaptation,
        help="Method that adapts a model to the support set of the target. finetune: training goes "
        "on with the support set alone; joint: with source and support together; prior: with the "
        "support set, near the weights of the source; none: the model stays as it is.",
    ),
    click.option(
        "--adapt-share",
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        show_default=f"{Strengths().share:g}",
        help="Share of the support set in the loss of --adaptation joint, however few its "
        "utterances are.",
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
        ", ".join(f"{m.learning_rate:g} for {m.name}" for m in MODELS.values() if m.has_epochs),
        "Highest learning rate: it is reached after the warm-up, and a cosine decay follows.",
    ),
    _rate(
        "--adapt-learning-rate",
        "--learning-rate",
        "Learning rate of the adaptation; it is constant.",
    ),
    _rate(
        "--l2",
        "1 / number of utterances",
        "Penalty on the weights of --model linear, as a part of the mean loss of an utterance.",
    ),
    click.option(
        "--normalize",
        type=click.Choice(NORMALIZATIONS),
        show_default="train; none under the preset paper",
        help="Statistics that standardise the features. train: those of the training set; corpus: "
        "those of each corpus (transductive: the unlabelled target is used); none: features stay "
        "as they are.",
    ),
    click.option(
        "--precision",
        type=click.Choice(PRECISIONS),
        default=DEFAULT.precision,
        help="Of the multiplications of a network: bfloat16 is faster on processors and cards that "
        "have it, and changes the results a little.",
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
