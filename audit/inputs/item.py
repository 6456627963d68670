"""The record of an utterance that is examined, and of all of a corpus."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mdat_audit.inputs.measures import NAMES, Measures
from mdat_data import Utterance

Progress = Callable[[Iterable[Any], str, int], Iterable[Any]]
"""Called with work that is done while it is iterated over, its name, and its number of utterances;
returns the same, and may show how far it is."""


def silent(work: Iterable[Any], name: str, utterances: int) -> Iterable[Any]:
    """A `Progress` that shows nothing."""
    return work


@dataclass(frozen=True, kw_only=True)
class Item:
    """An utterance that is examined.

    Attributes:
        utterance: The utterance.
        corpus: Name of its corpus.
        duration: Of the recording, in seconds.
        fingerprint: What copies of the recording share.
        measures: Measures of the recording; None where it was not read.
        pooled: Mean and standard deviation over time of its features, (2 D,).
    """

    utterance: Utterance
    corpus: str
    duration: float
    fingerprint: str
    measures: Measures | None
    pooled: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Material:
    """What is examined of a corpus, or of several.

    Attributes:
        corpora: Names of the corpora.
        items: The utterances.
        features: Name of a corpus -> what its pooled features are of.
        unusable: Id of an utterance whose recording cannot be used -> reason.
        unread: Name of a corpus whose recordings were not read -> the way to have them read.
    """

    corpora: tuple[str, ...]
    items: tuple[Item, ...]
    features: Mapping[str, str]
    unusable: Mapping[str, str]
    unread: Mapping[str, str]

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """The utterances, in the order of the items."""
        return tuple(item.utterance for item in self.items)


def measures_of(items: Sequence[Item]) -> dict[str, list[float]]:
    """List durations and, where all recordings were read, every measure.

    Args:
        items: The utterances.

    Returns:
        `duration`, and the fields of `Measures` -> the number of every utterance.
    """
    durations = {"duration": [item.duration for item in items]}
    measured = [item.measures for item in items if item.measures]
    if len(measured) < len(items):
        return durations
    return durations | {name: [getattr(each, name) for each in measured] for name in NAMES}


def pooled(features: np.ndarray) -> np.ndarray:
    """Mean and standard deviation of features over time.

    Args:
        features: (T, D).

    Returns:
        (2 D,) float64.

    Example:
        >>> pooled(np.array([[0.0, 1.0], [2.0, 1.0]])).tolist()
        [1.0, 1.0, 1.0, 0.0]
    """
    wide = features.astype(np.float64)
    return np.concatenate([wide.mean(axis=0), wide.std(axis=0)])
