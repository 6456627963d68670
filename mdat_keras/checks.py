"""Checks of arguments; every error names the argument, what was expected and what was got."""

import math
from collections.abc import Sequence


def one_of(name: str, value: object, valid: Sequence[str]) -> None:
    """Raise `ValueError` unless `value` is one of the `valid` values."""
    if value not in valid:
        raise ValueError(f"{name} must be one of {', '.join(valid)}; got {value!r}.")


def boolean(name: str, value: object) -> None:
    """Raise `ValueError` unless `value` is True or False."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be True or False; got {value!r}.")


def at_least(name: str, value: int, least: int) -> None:
    """Raise `ValueError` unless `value` is a whole number of at least `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}; got {value!r}.")


def rate(name: str, value: float) -> None:
    """Raise `ValueError` unless `value` is a fraction below 1, such as a dropout rate."""
    if not _is_number(value) or not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and less than 1; got {value!r}.")


def not_negative(name: str, value: float) -> None:
    """Raise `ValueError` unless `value` is a finite number of at least 0."""
    if not _is_number(value) or value < 0:
        raise ValueError(f"{name} must be a number of at least 0; got {value!r}.")


def positive(name: str, value: float) -> None:
    """Raise `ValueError` unless `value` is a finite number greater than 0."""
    if not _is_number(value) or value <= 0:
        raise ValueError(f"{name} must be a number greater than 0; got {value!r}.")


def divides(name: str, value: int, total_name: str, total: int) -> None:
    """Raise `ValueError` unless `total` splits into `value` equal parts."""
    at_least(name, value, 1)
    if total % value:
        raise ValueError(f"{name} must divide {total_name}, which is {total}; got {value!r}.")


def _is_number(value: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
