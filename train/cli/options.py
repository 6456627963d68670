"""Options that mdat-train and mdat-tables share, and how their values are read.

Every option has the name of a field of `TrainConfig`, which has the default.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from mdat_train.adaptation import METHODS
from mdat_train.classifiers.models import MODELS
from mdat_train.config import MODALITIES, NORMALIZATIONS, PRESETS, TrainConfig

Callback = Callable[[click.Context, click.Parameter, tuple[str, ...]], Any]

DEFAULT = TrainConfig(source=())


def words(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Words, repeated or separated by commas."""
    chosen = tuple(word.strip() for value in values for word in value.split(","))
    if not all(chosen):
        raise click.BadParameter(f"{','.join(chosen)!r} has an empty word.")
    return chosen


def words_of(known: Iterable[str]) -> Callback:
    """Words that must be known ones."""

    def read(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
        chosen = words(context, option, values)
        if unknown := sorted(set(chosen) - set(known)):
            raise click.BadParameter(f"{unknown[0]!r} is not one of {', '.join(known)}.")
        return tuple(dict.fromkeys(chosen))

    return read


def numbers(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Whole numbers, ascending."""
    chosen = words(context, option, values)
    if not all(word.isdecimal() for word in chosen):
        raise click.BadParameter(f"{','.join(chosen)!r} must be whole numbers, such as 0,5,10.")
    return tuple(sorted({int(word) for word in chosen}))


def some_of(known: Sequence[str], *names: str, metavar: str, help: str) -> Callable[..., Any]:
    """An option for some of the known words, repeated or separated by commas; all by default."""
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
    """Pairs of words with = between them."""
    chosen = tuple(tuple(word.split("=")) for word in words(context, option, values))
    if not all(len(pair) == 2 and all(pair) for pair in chosen):
        raise click.BadParameter(f"{','.join(values)!r} must be pairs such as {option.metavar}.")
    return chosen


def paths(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Paths of files."""
    return tuple(map(Path, words(context, option, values)))


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
        help="Use speech and text, or one of them alone.",
    ),
    click.option(
        "--preset",
        type=click.Choice(PRESETS),
        default=DEFAULT.preset,
        help="Of mdat: base is narrow, with residual and scaling; paper has the printed equations.",
    ),
    click.option(
        "--set",
        "model_options",
        multiple=True,
        callback=pairs,
        metavar="graph_heads=4",
        help="Set a field of the model's configuration, such as heads, layers or dropout; may be "
        "repeated. A wrong name lists the fields.",
    ),
    click.option(
        "--speech-layer",
        show_default="the middle one; last under the preset paper",
        help="A stored layer of the speech encoder, or mix: a learned weighted sum of all stored "
        "layers.",
    ),
    click.option(
        "--text-layer",
        show_default="last, else the highest number that is stored",
        help="A stored layer of the text encoder.",
    ),
    _whole(
        "--frames", "Longer speech is cropped to this number of frames.", default=DEFAULT.frames
    ),
    _whole("--folds", "Number of folds within a corpus.", least=2, default=DEFAULT.folds),
    click.option(
        "--adaptation",
        type=click.Choice(METHODS),
        default=DEFAULT.adaptation,
        help="How a model adapts to the support set of the target.",
    ),
    _whole(
        "--shot-draws",
        "Number of draws of the support set for each seed. They are the same for every model and "
        "number of shots.",
        default=DEFAULT.shot_draws,
    ),
    _whole(
        "--seeds",
        "Number of seeds. Each has its own weights and, within a corpus, its own folds.",
        default=DEFAULT.seeds,
    ),
    _whole("--epochs", "Epochs over the source.", default=DEFAULT.epochs),
    _whole(
        "--patience",
        "Early stopping: epochs without improvement on validation groups that are held out of the "
        "training set; the best epoch is kept. 0 disables it, and trains on all groups.",
        least=0,
        default=DEFAULT.patience,
    ),
    _whole("--adapt-epochs", "Epochs over the support set.", default=DEFAULT.adapt_epochs),
    _whole("--batch-size", "Utterances of a batch.", default=DEFAULT.batch_size),
    _rate(
        "--learning-rate",
        ", ".join(f"{m.learning_rate:g} for {m.name}" for m in MODELS.values() if m.has_epochs),
        "The highest learning rate, after warm-up and before the cosine decay.",
    ),
    _rate(
        "--adapt-learning-rate", "the learning rate", "Learning rate of the adaptation, constant."
    ),
    click.option(
        "--normalize",
        type=click.Choice(NORMALIZATIONS),
        show_default="train; none under the preset paper",
        help="Standardise features by statistics of the training set (train), or of each corpus by "
        "itself (corpus; transductive: it reads the unlabelled target), or not at all (none).",
    ),
    click.option(
        "--memory",
        type=click.FloatRange(min=0),
        default=DEFAULT.memory,
        metavar="GIB",
        help="Features of up to this size are held in memory; larger ones are read from the files "
        "for every batch. The results are the same.",
    ),
    _whole(
        "--resampling-seed",
        "Seed of the bootstrap and of the sign-flip test.",
        least=0,
        default=DEFAULT.resampling_seed,
    ),
]


def training_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options about the data that a model uses, and how it is trained."""
    for option in reversed(_TRAINING):
        command = option(command)
    return command
