"""Metrics of one set of predictions: UA, WA and macro-F1."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Metrics of one set of predictions, all between 0 and 1.

    Attributes:
        ua: Unweighted accuracy: the mean recall over the classes that have a test utterance.
        wa: Weighted accuracy: the fraction of utterances that are predicted correctly.
        macro_f1: The mean F1 over the classes that have a test utterance.
        undefined: The classes without a test utterance.
    """

    ua: float = field(metadata={"label": "UA"})
    wa: float = field(metadata={"label": "WA"})
    macro_f1: float = field(metadata={"label": "macro-F1"})
    undefined: tuple[str, ...]


METRICS = {f.name: f.metadata["label"] for f in fields(Metrics) if "label" in f.metadata}
"""Name of a metric -> its printed name, the UA first. A run saves and prints all of them."""


def confusion_matrix(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Count utterances by true class (rows) and predicted class (columns).

    Args:
        truth: Class numbers, (N,).
        predicted: Class numbers, (N,).
        classes: Number of classes C, with or without test utterances.

    Returns:
        Counts, (C, C) int.

    Example:
        >>> confusion_matrix(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
        [[1, 1], [0, 1]]
    """
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (truth, predicted), 1)
    return counts


def compute_metrics(truth: np.ndarray, predicted: np.ndarray, classes: Sequence[str]) -> Metrics:
    """Compute the metrics of predictions.

    Args:
        truth: Class numbers, (N,).
        predicted: Class numbers, (N,).
        classes: All classes of the run, in the order of their numbers.

    Returns:
        The metrics.

    Example:
        >>> compute_metrics(np.array([0, 0, 1]), np.array([0, 1, 1]), ["angry", "sad"]).ua
        0.75
    """
    counts = confusion_matrix(truth, predicted, len(classes))
    correct, total, guesses = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    tested = total > 0
    f1 = 2 * correct[tested] / (total + guesses)[tested]
    return Metrics(
        ua=float((correct[tested] / total[tested]).mean()),
        wa=float(correct.sum() / total.sum()),
        macro_f1=float(f1.mean()),
        undefined=tuple(c for c, present in zip(classes, tested, strict=True) if not present),
    )
