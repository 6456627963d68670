"""Checks of the values of a configuration: what cannot be used is refused before any work."""

import math
from collections.abc import Collection, Iterable, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

from mdat_data import InputError

if TYPE_CHECKING:
    from mdat_train.config import TrainConfig

LOWEST = {"folds": 2} | {
    **dict.fromkeys(("frames", "frame_stride", "seeds", "shot_draws", "batch_size"), 1),
    **dict.fromkeys(("epochs", "adapt_epochs"), 1),
    **dict.fromkeys(("first_seed", "patience", "shots", "at_most_seed", "resampling_seed"), 0),
    "at_most": 1,
}
"""Field that is a whole number, or several -> the lowest valid number."""

POSITIVE = ("learning_rate", "adapt_learning_rate", "l2", "adapt_share", "adapt_pull")
"""Field that is a number above 0, or None."""

HIGHEST = 2**32 - 1
"""The highest valid number: numpy and TensorFlow take no higher seed, and nothing needs more."""


def check_choices(config: "TrainConfig", choices: Mapping[str, Collection[str]]) -> None:
    """Refuse a value that is none of the choices.

    Args:
        config: The configuration.
        choices: Field -> its valid values; None is always valid.

    Raises:
        InputError: The field, its value and the valid ones are named.
    """
    for name, valid in choices.items():
        for value in several(getattr(config, name)):
            if value is not None and value not in valid:
                raise InputError(f"{name} must be one of {', '.join(valid)}; got {value!r}.")


def check_numbers(config: "TrainConfig") -> None:
    """Refuse numbers that are out of their range, or are none.

    Args:
        config: The configuration.

    Raises:
        InputError: The field, its value and the valid ones are named.
    """
    for name, lowest in LOWEST.items():
        if name == "shots" and config.adapts_to_all:
            continue
        for value in several(getattr(config, name)):
            if value is not None and (type(value) is not int or value < lowest):
                raise InputError(
                    f"{name} must be a whole number of at least {lowest}; got {value!r}."
                )
            if value is not None and value > HIGHEST:
                raise InputError(f"{name} must be at most {HIGHEST}; got a higher number.")
    if config.first_seed + config.seeds - 1 > HIGHEST:
        raise InputError(
            f"the last seed must be at most {HIGHEST}; got first_seed {config.first_seed} and "
            f"seeds {config.seeds}. Lower one of them."
        )
    for name in (*POSITIVE, "memory"):
        value = getattr(config, name)
        if value is not None and not math.isfinite(value):
            raise InputError(f"{name} must be a finite number; got {value!r}.")
    for name in POSITIVE:
        if (found := getattr(config, name)) is not None and not found > 0:
            raise InputError(f"{name} must be more than 0; got {found!r}. None takes the default.")
    if config.adapt_share is not None and config.adapt_share >= 1:
        raise InputError(
            f"adapt_share must be less than 1, so that the source has a share too; got "
            f"{config.adapt_share!r}."
        )
    if config.memory < 0:
        raise InputError(f"memory must be at least 0 GiB; got {config.memory!r}.")


def check_words(config: "TrainConfig") -> None:
    """Refuse words that are empty, and what is given twice with different values.

    Args:
        config: The configuration.

    Raises:
        InputError: The field and its words are named.
    """
    if not all(config.classes) or not all(map(all, config.merge)):
        raise InputError("classes and merge must be words of the features files; got an empty one.")
    for name in ("merge", "model_options"):
        given: dict[str, Any] = {}
        for key, value in getattr(config, name):
            if given.setdefault(key, value) != value:
                raise InputError(
                    f"{name} must have one value for each name; got {key}={given[key]} and "
                    f"{key}={value}. Leave one of them out."
                )


def several(values: Any) -> tuple[Any, ...]:
    """Several values, or one that stands alone, as a tuple."""
    single = isinstance(values, str | PathLike) or not isinstance(values, Iterable)
    return (values,) if single else tuple(values)
