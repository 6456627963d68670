"""Statistical comparison of two models: sign-flip test over speakers, Holm's correction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import permutation_test

from mdat_train.runs.predictions import Predictions

RESAMPLES = 9_999
"""Number of random sign flips where not all of them can be tried."""

DIGITS = 12
"""Sums of flipped differences are rounded to this many digits, so that equal ones compare equal."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A sign-flip test of two models over speakers.

    Attributes:
        difference: Mean UA of the first minus that of the second, between -1 and 1.
        p: Two-sided p value.
        smallest_p: The smallest p value that this number of speakers allows.
        speakers: Number of speakers.
        corrected_p: p after Holm's correction over a family of comparisons; None before it.
    """

    difference: float
    p: float
    smallest_p: float
    speakers: int
    corrected_p: float | None = None


def compare(ours: Sequence[Predictions], theirs: Sequence[Predictions], *, seed: int) -> Comparison:
    """Test whether the mean UA of two models differs, over speakers.

    Args:
        ours: Predictions of the first model, one item for each seed and draw.
        theirs: Predictions of the second for the same seeds, draws and utterances.
        seed: Seed of the sample of sign flips.

    Returns:
        The comparison.

    Raises:
        ValueError: Seeds, draws or utterances differ.
    """
    differences = np.array(list(speaker_differences(ours, theirs).values()))
    p, smallest = sign_flip(differences, seed=seed)
    return Comparison(
        difference=float(differences.sum()), p=p, smallest_p=smallest, speakers=len(differences)
    )


def speaker_differences(
    ours: Sequence[Predictions], theirs: Sequence[Predictions]
) -> dict[str, float]:
    """Divide the difference of the mean UAs among the speakers; the shares sum to the difference.

    The weight of an utterance is 1 / (number of tested classes x number of test utterances of its
    class).

    Args:
        ours: Predictions of the first model, one item for each seed and draw.
        theirs: Predictions of the second for the same seeds, draws and utterances.

    Returns:
        Speaker -> share, in alphabetical order.

    Raises:
        ValueError: Seeds, draws or utterances differ.
    """
    shares: dict[str, float] = defaultdict(float)
    for first, second in _pairs(ours, theirs):
        _, number, counts = np.unique(first.truth, return_inverse=True, return_counts=True)
        weights = 1 / (len(counts) * counts[number])
        gains = weights * (_correct(first) - _correct(second)) / len(ours)
        for speaker, gain in zip(first.speakers, gains, strict=True):
            shares[speaker] += float(gain)
    return dict(sorted(shares.items()))


def sign_flip(differences: np.ndarray, *, seed: int) -> tuple[float, float]:
    """Two-sided p value of a sum under random signs, and the smallest p value that is possible.

    All 2^S combinations of signs are used where they are at most `RESAMPLES`, else a sample.

    Args:
        differences: One for each speaker, (S,).
        seed: Seed of the sample.

    Example:
        >>> sign_flip(np.array([0.1, 0.2, 0.3]), seed=0)
        (0.25, 0.25)
    """
    flips: int = 2 ** len(differences)
    smallest = 2 / min(flips, RESAMPLES + 1)
    if len(differences) < 2:
        return 1.0, smallest
    result = permutation_test(
        (differences,),
        lambda flipped, axis: np.round(flipped.sum(axis=axis), DIGITS),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue), smallest


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Holm's step-down correction of a family of p values, in their order.

    Example:
        >>> holm([0.5, 0.01, 0.03])
        (0.5, 0.03, 0.06)
    """
    corrected, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = highest
    return tuple(corrected)


def _pairs(
    ours: Sequence[Predictions], theirs: Sequence[Predictions]
) -> list[tuple[Predictions, Predictions]]:
    of_theirs = {(p.seed, p.draw): p for p in theirs}
    of_ours = {(p.seed, p.draw): p for p in ours}
    if not of_ours or of_ours.keys() != of_theirs.keys():
        raise ValueError(
            "two models must be compared on the same seeds and draws; got "
            f"{sorted(of_ours)} and {sorted(of_theirs)}"
        )
    pairs = [(of_ours[key], of_theirs[key]) for key in of_ours]
    for first, second in pairs:
        if first.ids != second.ids or (first.truth != second.truth).any():
            raise ValueError(
                "two models must be compared on the same utterances in the same order; those of "
                f"seed {first.seed}, draw {first.draw} differ"
            )
    return pairs


def _correct(predictions: Predictions) -> np.ndarray:
    """1 for every utterance that is predicted correctly, else 0, (N,)."""
    return np.asarray(predictions.predicted == predictions.truth, float)
