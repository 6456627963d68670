"""Options that several commands share, and how their values are read."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from mdat_train.config import LEARNING_RATES, MODALITIES, NORMALIZATIONS

Callback = Callable[[click.Context, click.Parameter, tuple[str, ...]], Any]

PRESETS = ("base", "paper")


def words(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Values may be repeated or separated by commas."""
    chosen = tuple(word.strip() for value in values for word in value.split(","))
    if not all(chosen):
        raise click.BadParameter(f"{','.join(chosen)!r} has an empty word.")
    return chosen


def words_of(known: Sequence[str]) -> Callback:
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
    """Two words with = between them."""
    chosen = tuple(tuple(word.split("=")) for word in words(context, option, values))
    if not all(len(pair) == 2 and all(pair) for pair in chosen):
        raise click.BadParameter(f"{values!r} must be pairs such as boredom=sad.")
    return chosen


def paths(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Paths of files."""
    return tuple(map(Path, words(context, option, values)))


def _positive(name: str, default: int, help: str) -> Callable[..., Any]:
    return click.option(name, type=click.IntRange(min=1), default=default, help=help)


def _rate(name: str, shown: str, help: str) -> Callable[..., Any]:
    kind = click.FloatRange(min=0, min_open=True)
    return click.option(name, type=kind, show_default=shown, help=help)


_LEARNING = [
    click.option(
        "--modality",
        type=click.Choice(MODALITIES),
        default="both",
        help="Learn from speech and text, or from one of them alone.",
    ),
    click.option(
        "--preset",
        type=click.Choice(PRESETS),
        default="base",
        help="Of mdat: base is narrow, with residual and scaling; paper has the printed equations.",
    ),
    click.option(
        "--speech-layer",
        show_default="the middle one; last under the preset paper",
        help="A stored layer of the speech encoder, or mix: a learned weighted sum of all stored "
        "ones.",
    ),
    _positive("--frames", 1500, "Speech is cropped after so many frames."),
    click.option(
        "--folds",
        type=click.IntRange(min=2),
        default=5,
        help="Parts into which a corpus is divided within itself.",
    ),
    _positive(
        "--shot-draws",
        5,
        "How many draws of the clips for each seed; the same for every model and number of shots.",
    ),
    _positive("--seeds", 3, "How many seeds; each trains, and within a corpus divides, anew."),
    _positive("--epochs", 10, "Passes over the source."),
    click.option(
        "--patience",
        type=click.IntRange(min=0),
        default=0,
        help="Hold groups out of the training side, stop after so many epochs without a better UA "
        "of theirs, and keep the best epoch. 0 trains all epochs, on all groups.",
    ),
    _positive("--adapt-epochs", 10, "Passes over the target's clips."),
    _positive("--batch-size", 16, "Utterances of a batch."),
    _rate(
        "--learning-rate",
        ", ".join(f"{rate:g} for {model}" for model, rate in LEARNING_RATES.items()),
        "The highest, after warm-up and before its cosine decay.",
    ),
    _rate("--adapt-learning-rate", "the learning rate", "Of the adaptation, constant."),
    click.option(
        "--normalize",
        type=click.Choice(NORMALIZATIONS),
        show_default="train; none under the preset paper",
        help="Bring features to one scale by statistics of the training part, or of each corpus by "
        "itself (transductive: it reads the unlabelled target), or not.",
    ),
    click.option(
        "--memory",
        type=click.FloatRange(min=0),
        default=8,
        metavar="GIB",
        help="Hold features in memory up to so many GiB; more are read from the files anew for "
        "every batch. The numbers are the same.",
    ),
]


def learning_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options about what is learned from, and how."""
    for option in reversed(_LEARNING):
        command = option(command)
    return command
