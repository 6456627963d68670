"""Calibration: one temperature for the probabilities of a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from mdat_data.metrics import Reliability, at_temperature, reliability
from mdat_train.runs.predictions import Predictions
from mdat_train.runs.run import Training

LIMITS = (0.1, 10.0)
"""The lowest and the highest temperature."""

PARTS = 5
"""Number of parts for cross-fitting where the predictions are of one fold."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """The temperature of a model, and what it does to probabilities it was not fitted on.

    Attributes:
        temperature: The divisor of the logits.
        fitted_on: What it was fitted on, in words.
        utterances: Number of predictions that it was fitted on.
        tested_on: What `before` and `after` are of, in words.
        before: Of the probabilities as they are.
        after: Of the calibrated ones.
        warning: What is wrong with it, in words; empty if nothing is.
    """

    temperature: float
    fitted_on: str
    utterances: int
    tested_on: str
    before: Reliability
    after: Reliability
    warning: str = ""


def fit_temperature(probabilities: np.ndarray, truth: np.ndarray) -> float:
    """Find the temperature of the highest likelihood.

    One prediction in N + 2 counts as wrong (Platt, 1999): a few predictions that are all right are
    no reason to be certain. An utterance whose class has the probability 0 is left out: no
    temperature changes it, as where a fold lacks a class in training.

    Args:
        probabilities: Class probabilities, (N, C), by a model that did not learn from them.
        truth: Class numbers, (N,).

    Returns:
        The temperature, within `LIMITS`; 1 where no utterance is left.
    """
    values = np.asarray(probabilities, float)
    known = values[np.arange(len(truth)), truth] > 0
    values, truth = values[known], truth[known]
    if not len(truth):
        return 1.0
    logits = np.log(np.maximum(values, np.finfo(np.float64).tiny))
    of_truth = np.eye(values.shape[1])[truth]
    others = (values > 0) * (1 - of_truth)
    doubt = others / np.maximum(others.sum(axis=1, keepdims=True), 1) / (len(truth) + 2)
    targets = of_truth * (1 - doubt.sum(axis=1, keepdims=True)) + doubt
    expected = (targets * logits).sum(axis=1)

    def nll(log_temperature: float) -> float:
        inverse = np.exp(-log_temperature)
        return float((logsumexp(logits * inverse, axis=1) - expected * inverse).mean())

    found: Any = minimize_scalar(nll, bounds=tuple(np.log(LIMITS)), method="bounded")
    return float(np.exp(found.x))


def cross_fitted(probabilities: np.ndarray, truth: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Calibrate each part with the temperature of the other parts.

    Args:
        probabilities: Class probabilities, (N, C).
        truth: Class numbers, (N,).
        parts: Number of the part of each utterance, (N,), at least two different ones.

    Returns:
        Class probabilities, (N, C).
    """
    calibrated = np.empty(probabilities.shape)
    for part in np.unique(parts):
        own = parts == part
        temperature = fit_temperature(probabilities[~own], truth[~own])
        calibrated[own] = at_temperature(probabilities[own], temperature)
    return calibrated


def out_of_fold(predictions: Sequence[Predictions], trainings: Sequence[Training]) -> Calibration:
    """Calibrate the model of a corpus with the predictions of its cross-validation.

    Args:
        predictions: Of the corpus, one item for each seed.
        trainings: All trainings of the run; they tell which fold an utterance was in.

    Returns:
        The temperature of all predictions. Its figures are cross-fitted: the temperature of a fold
        is that of the other folds of the same seed.
    """
    probabilities = np.concatenate([p.probabilities for p in predictions])
    truth = np.concatenate([p.truth for p in predictions])
    after = [cross_fitted(p.probabilities, p.truth, _folds(p, trainings)) for p in predictions]
    return Calibration(
        temperature=fit_temperature(probabilities, truth),
        fitted_on="out-of-fold predictions",
        utterances=len(truth),
        tested_on="out-of-fold predictions; the temperature of a fold is that of the others",
        before=reliability(probabilities, truth),
        after=reliability(np.concatenate(after), truth),
    )


def _folds(predictions: Predictions, trainings: Sequence[Training]) -> np.ndarray:
    """The fold of each utterance, (N,); parts of equal size where there is one fold."""
    of_seed = f"seed {predictions.seed}, fold "
    tested = [training.split.test for training in trainings if training.name.startswith(of_seed)]
    if len(tested) < 2:
        return np.arange(len(predictions.ids)) % PARTS
    fold_of = {id: number for number, ids in enumerate(tested) for id in ids}
    return np.array([fold_of[id] for id in predictions.ids])
