"""Refusals of arguments, in the user's own names."""

from collections.abc import Sequence


def one_of(name: str, value: object, valid: Sequence[str]) -> None:
    """Raise `ValueError` unless `value` is one of the `valid` answers."""
    if value not in valid:
        raise ValueError(f"{name} must be one of {', '.join(valid)}; got {value!r}.")


def at_least(name: str, value: int, least: int) -> None:
    """Raise `ValueError` unless `value` is a whole number that reaches `least`."""
    if not isinstance(value, int) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}; got {value!r}.")


def rate(name: str, value: float) -> None:
    """Raise `ValueError` unless `value` can be a dropout rate."""
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and less than 1; got {value!r}.")


def not_negative(name: str, value: float) -> None:
    """Raise `ValueError` unless `value` is a number of at least 0."""
    if not value >= 0:
        raise ValueError(f"{name} must be at least 0; got {value!r}.")


def positive(name: str, value: float) -> None:
    """Raise `ValueError` unless `value` is a number above 0."""
    if not value > 0:
        raise ValueError(f"{name} must be greater than 0; got {value!r}.")


def divides(name: str, value: int, whole_name: str, whole: int) -> None:
    """Raise `ValueError` unless `whole` splits into `value` equal parts."""
    at_least(name, value, 1)
    if whole % value:
        raise ValueError(
            f"{whole_name} must be a multiple of {name}; got {whole_name}={whole} and "
            f"{name}={value}."
        )
