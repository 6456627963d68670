"""How often the surest predictions are right, where the others are rejected."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

COVERAGES = (1.0, 0.9, 0.75, 0.5, 0.25)
"""Parts of the utterances that are answered."""


@dataclass(frozen=True, kw_only=True)
class Covered:
    """The surest predictions.

    Attributes:
        coverage: Part of the utterances that they are, from 0 to 1.
        threshold: Lowest of their highest probabilities; 0 where there are none.
        accuracy: Fraction of them that is right; 0 likewise.
    """

    coverage: float
    threshold: float
    accuracy: float


def at_coverages(
    probabilities: np.ndarray, truth: np.ndarray, coverages: Sequence[float] = COVERAGES
) -> list[Covered]:
    """Compute the accuracy of the surest predictions.

    Args:
        probabilities: Class probabilities, (N, C).
        truth: Class numbers, (N,).
        coverages: Parts of the utterances; each is rounded up to a whole number of them.

    Returns:
        The accuracy of each part.

    Example:
        >>> values = np.array([[0.9, 0.1], [0.6, 0.4]])
        >>> [c.accuracy for c in at_coverages(values, np.array([0, 1]), [1, 0.5])]
        [0.5, 1.0]
    """
    highest, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    order = np.argsort(-highest, kind="stable")
    found = []
    for coverage in coverages:
        surest = order[: int(np.ceil(round(coverage * len(order), 6)))]
        found.append(_covered(surest, highest, right))
    return found


def at_threshold(probabilities: np.ndarray, truth: np.ndarray, threshold: float) -> Covered:
    """Compute the accuracy of the predictions that reach a probability.

    Args:
        probabilities: Class probabilities, (N, C).
        truth: Class numbers, (N,).
        threshold: Lowest probability of an answer.
    """
    highest, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    return _covered(np.flatnonzero(highest >= threshold), highest, right)


def _covered(rows: np.ndarray, highest: np.ndarray, right: np.ndarray) -> Covered:
    if not len(rows):
        return Covered(coverage=0.0, threshold=0.0, accuracy=0.0)
    return Covered(
        coverage=len(rows) / len(highest),
        threshold=float(highest[rows].min()),
        accuracy=float(right[rows].mean()),
    )


def coverage_line(found: Sequence[Covered]) -> str:
    """Write accuracies at coverages for people.

    Example:
        >>> coverage_line([Covered(coverage=0.5, threshold=0.8, accuracy=0.75)])
        'accuracy % of the surest 50 % (from 0.80): 75.0'
    """
    parts = (
        f"{100 * c.coverage:.0f} % (from {c.threshold:.2f}): {100 * c.accuracy:.1f}" for c in found
    )
    return f"accuracy % of the surest {', '.join(parts)}"
