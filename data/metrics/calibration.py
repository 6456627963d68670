"""How far probabilities can be believed: calibration error, likelihood and temperature."""

from dataclasses import dataclass

import numpy as np

BINS = 15
"""Number of bins of equal width between 0 and 1 in which confidence and accuracy are compared."""

LEAST = 1e-7
"""Lowest probability in a likelihood: one that is 0 would make it infinite."""


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """Confidence and accuracy of predictions. The confidence is the highest probability.

    Attributes:
        calibration_error: Mean difference of accuracy and confidence of a bin, weighted by its
            number of utterances (expected calibration error, Guo et al., 2017).
        nll: Mean negative log likelihood of the true classes, in nats.
        confidence: Mean confidence of each bin, (15,); 0 where a bin is empty.
        accuracy: Fraction of correct predictions in each bin, (15,); 0 likewise.
        counts: Number of utterances in each bin, (15,) int.
    """

    calibration_error: float
    nll: float
    confidence: np.ndarray
    accuracy: np.ndarray
    counts: np.ndarray


def reliability(probabilities: np.ndarray, truth: np.ndarray) -> Reliability:
    """Compare confidence and accuracy.

    Args:
        probabilities: Class probabilities, (N, C).
        truth: Class numbers, (N,).

    Returns:
        The comparison.

    Example:
        >>> sure = np.array([[0.9, 0.1], [0.9, 0.1]])
        >>> round(reliability(sure, np.array([0, 1])).calibration_error, 3)
        0.4
    """
    values = np.asarray(probabilities, float)
    highest, correct = values.max(axis=1), values.argmax(axis=1) == truth
    bins = np.digitize(highest, np.linspace(0, 1, BINS + 1)[1:-1], right=True)
    counts = np.bincount(bins, minlength=BINS)
    confidence, accuracy = (
        np.bincount(bins, of, minlength=BINS) / np.maximum(counts, 1) for of in (highest, correct)
    )
    of_truth = np.maximum(values[np.arange(len(truth)), truth], LEAST)
    return Reliability(
        calibration_error=float(counts @ np.abs(accuracy - confidence) / len(truth)),
        nll=float(-np.log(of_truth).mean()),
        confidence=confidence,
        accuracy=accuracy,
        counts=counts,
    )


def at_temperature(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Divide the logits by a temperature: p ** (1 / T), so that each row sums to 1 again.

    Above 1 the probabilities come closer together; their order stays, and 0 stays 0.

    Args:
        probabilities: Class probabilities, (N, C).
        temperature: T, above 0.

    Returns:
        Class probabilities, (N, C) float64.

    Example:
        >>> at_temperature(np.array([[0.8, 0.2]]), 2.0).round(3).tolist()
        [[0.667, 0.333]]
    """
    values = np.asarray(probabilities, float)
    powers = (values / values.max(axis=1, keepdims=True)) ** (1 / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
