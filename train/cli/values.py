"""Functions that read the values of options: words, numbers, pairs and paths."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from mdat_data.process.paths import UsablePath
from mdat_train.config import ALL

Callback = Callable[[click.Context, click.Parameter, tuple[str, ...]], Any]

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


def shots(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Whole numbers as `numbers` reads them, or the word all."""
    return (ALL,) if values == (ALL,) else numbers(context, option, values)


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
