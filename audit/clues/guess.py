"""Guesses from a clue, and how good they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier

from mdat_data.metrics import Interval, compute_metrics, ua_interval
from mdat_data.splits.leakage import DEVIATIONS

Sides = tuple[np.ndarray, np.ndarray]
"""Rows of a training set and of a test set."""

TREES = 30
SHUFFLES = 200
"""Number of random orders for the deviation."""

LEAF = 3
"""Fewest utterances that a tree keeps together."""


@dataclass(frozen=True, kw_only=True)
class Guess:
    """How well labels are guessed.

    Attributes:
        ua: Unweighted accuracy, from 0 to 1.
        chance: The UA of guesses that know nothing: one over the number of classes, however
            uneven they are.
        deviation: Standard deviation of the UA of the same guesses in random order.
        interval: Of the UA, by bootstrap over speakers; None where there is none.
        utterances: Number of guesses.
    """

    ua: float
    chance: float
    deviation: float
    interval: Interval | None
    utterances: int

    @property
    def tells(self) -> bool:
        """Whether the UA is above chance by its interval, and by `DEVIATIONS` deviations.

        Either alone is not enough: few speakers make intervals too narrow, and guesses that are
        alike for all utterances of a speaker make the deviation too small.
        """
        above = self.ua > self.chance + DEVIATIONS * self.deviation
        return above and self.interval is not None and self.interval.low > self.chance


def guess(
    values: np.ndarray,
    labels: np.ndarray,
    sides: Sequence[Sides],
    *,
    speakers: Sequence[str] | None,
    seed: int,
) -> Guess:
    """Guess the labels of test sets from a clue.

    Args:
        values: Words (N,), or numbers (N, K), of every utterance.
        labels: Class numbers, (N,), from 0.
        sides: Training and test set of every fold.
        speakers: Of every utterance, for the interval; None leaves it out.
        seed: Seed of the trees and of the interval.

    Returns:
        How good the guesses are, over all folds.
    """
    guesses = _by_trees if values.ndim > 1 else _by_vote
    classes = int(labels.max()) + 1
    tested = np.concatenate([test for _, test in sides])
    predicted = np.concatenate([guesses(values, labels, *each, seed=seed) for each in sides])
    truth, interval = labels[tested], None
    if speakers is not None:
        of_tested = [speakers[row] for row in tested]
        interval = ua_interval([(truth, predicted, of_tested)], classes=classes, seed=seed)
    shuffle, names = np.random.default_rng(seed).permutation, [""] * classes
    shuffled = [compute_metrics(truth, shuffle(predicted), names).ua for _ in range(SHUFFLES)]
    return Guess(
        ua=compute_metrics(truth, predicted, names).ua,
        chance=1 / classes,
        deviation=float(np.std(shuffled)),
        interval=interval,
        utterances=len(tested),
    )


def _by_vote(
    words: np.ndarray, labels: np.ndarray, train: np.ndarray, test: np.ndarray, *, seed: int
) -> np.ndarray:
    """For each word the class whose utterances have it most often; the first if it is new."""
    known, numbers = np.unique(words, return_inverse=True)
    counts = np.zeros((len(known), labels.max() + 1))
    np.add.at(counts, (numbers[train], labels[train]), 1)
    shares = counts / np.maximum(counts.sum(axis=0), 1)
    return np.asarray(shares.argmax(axis=1)[numbers[test]])


def _by_trees(
    values: np.ndarray, labels: np.ndarray, train: np.ndarray, test: np.ndarray, *, seed: int
) -> np.ndarray:
    trees = ExtraTreesClassifier(
        TREES, min_samples_leaf=LEAF, class_weight="balanced", random_state=seed
    )
    return np.asarray(trees.fit(values[train], labels[train]).predict(values[test]))
