"""Confidence intervals by bootstrap over speakers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mdat_data.metrics.metrics import confusion_matrix

RESAMPLES = 1000
"""Number of bootstrap resamples of the speakers for one interval."""

MOST_DRAWS = 2_000_000
"""Largest number of draws for them. If fewer than one in 2,000 has every class, as where each of
ten speakers has a class of its own, those that have are no picture of the others."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A 95 % confidence interval by bootstrap over speakers.

    Attributes:
        low: The 2.5 % quantile of the resamples.
        high: The 97.5 % quantile of the resamples.
        redrawn: Number of resamples that lacked a class and were drawn again.
    """

    low: float
    high: float
    redrawn: int


Tested = tuple[np.ndarray, np.ndarray, Sequence[str]]
"""Truth (N,), prediction (N,) and speaker of every test utterance."""


def ua_interval(
    runs: Sequence[Tested], *, classes: int, seed: int, against: Sequence[Tested] = ()
) -> Interval | None:
    """Compute the confidence interval of the UA, averaged over seeds and draws.

    Speakers are drawn with replacement, the same ones for all runs. A resample in which a run lacks
    a class that it tests is drawn again.

    Args:
        runs: The predictions, one item for each seed and draw.
        classes: Number of classes C.
        seed: Seed of the resampling.
        against: Predictions of another model. Their mean UA is subtracted in every resample, so the
            interval is that of the difference.

    Returns:
        The interval; None if there are fewer than two speakers, or too few resamples have every
        class.
    """
    everything = [*runs, *against]
    shares = np.concatenate([np.full(len(r), 1 / max(len(r), 1)) for r in (runs, against)])
    shares[len(runs) :] *= -1
    speakers = sorted({speaker for _, _, of_run in everything for speaker in of_run})
    if len(speakers) < 2:
        return None
    counts = np.stack([_by_speaker(run, speakers, classes) for run in everything])  # (R, S, C, C)
    correct, total = counts.diagonal(axis1=2, axis2=3), counts.sum(axis=3)  # (R, S, C)
    tested = total.sum(axis=1) > 0  # (R, C)
    present = np.unique(total > 0, axis=0)  # (R', S, C): runs on the same utterances are one here
    rng = np.random.default_rng(seed)
    resampled, redrawn = np.empty(0), 0
    while len(resampled) < RESAMPLES:
        if len(resampled) + redrawn >= MOST_DRAWS:
            return None
        drawn = _draw_speakers(len(speakers), rng)
        complete = np.flatnonzero(_have_every_class(drawn, present))
        wanted = RESAMPLES - len(resampled)
        used = complete[wanted - 1] + 1 if len(complete) >= wanted else len(drawn)
        complete = complete[:wanted]
        redrawn += used - len(complete)
        of_classes = np.tensordot(drawn[complete], total, axes=(1, 1))  # (N, R, C)
        hits = np.tensordot(drawn[complete], correct, axes=(1, 1))
        recall = hits / np.maximum(of_classes, 1)
        uas = recall.sum(axis=2) / tested.sum(axis=1) @ shares
        resampled = np.concatenate([resampled, uas])
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Interval(low=float(low), high=float(high), redrawn=int(redrawn))


def mean_interval(values: np.ndarray, speakers: Sequence[str], *, seed: int) -> Interval | None:
    """Compute the 95 % confidence interval of a mean over utterances, by bootstrap over speakers.

    Args:
        values: Of each utterance, (N,).
        speakers: Of each utterance.
        seed: Seed of the resampling.

    Returns:
        The interval, for which nothing is drawn again; None if there are fewer than two speakers.

    Example:
        >>> mean_interval(np.array([0.0, 1.0]), ["one", "other"], seed=0)
        Interval(low=0.0, high=1.0, redrawn=0)
    """
    names, numbers = np.unique(list(speakers), return_inverse=True)
    if len(names) < 2:
        return None
    drawn = _draw_speakers(len(names), np.random.default_rng(seed))
    means = drawn @ np.bincount(numbers, values) / (drawn @ np.bincount(numbers))
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(low=float(low), high=float(high), redrawn=0)


def _draw_speakers(speakers: int, rng: np.random.Generator) -> np.ndarray:
    """How often each speaker is in each resample, (N, S)."""
    drawn = np.zeros((RESAMPLES, speakers), int)
    chosen = rng.integers(speakers, size=drawn.shape)
    np.add.at(drawn, (np.arange(RESAMPLES)[:, None], chosen), 1)
    return drawn


def _have_every_class(drawn: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Which resamples have every class that a run tests, (N,), for every run."""
    speakers = np.moveaxis(present, 1, 0).reshape(drawn.shape[1], -1).astype(np.float32)
    needed = present.any(axis=1).ravel()
    return np.asarray((drawn.astype(np.float32) @ speakers > 0)[:, needed].all(axis=1))


def _by_speaker(run: Tested, speakers: Sequence[str], classes: int) -> np.ndarray:
    """Confusion matrix of every speaker, (S, C, C)."""
    truth, predicted, of_run = (np.asarray(values) for values in run)
    return np.stack(
        [
            confusion_matrix(truth[of_run == speaker], predicted[of_run == speaker], classes)
            for speaker in speakers
        ]
    )
