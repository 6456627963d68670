"""Scores of predictions, and how sure one may be of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import confusion_matrix

RESAMPLES = 1000
"""Bootstrap resamples of speakers behind an interval."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Scores of one set of predictions, all between 0 and 1.

    Attributes:
        ua: Unweighted accuracy: the mean recall over the classes that have a test clip.
        wa: Weighted accuracy: the share of utterances that are right.
        macro_f1: Mean F1 over the classes that have a test clip.
        undefined: The classes without a test clip.
    """

    ua: float
    wa: float
    macro_f1: float
    undefined: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A 95 % confidence interval by bootstrap over speakers.

    Attributes:
        low: 2.5 % of the resamples lie below.
        high: 2.5 % of the resamples lie above.
        redrawn: Resamples that lacked a class and were drawn again.
    """

    low: float
    high: float
    redrawn: int


def confusion(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Utterances by true class (rows) and predicted class (columns), (C, C) int.

    Args:
        truth: (N,) numbers of classes.
        predicted: (N,) numbers of classes.
        classes: How many there are, in the test or not.
    """
    return np.asarray(confusion_matrix(truth, predicted, labels=np.arange(classes)))


def scores(truth: np.ndarray, predicted: np.ndarray, classes: Sequence[str]) -> Scores:
    """Score predictions.

    Args:
        truth: (N,) numbers of classes.
        predicted: (N,) numbers of classes.
        classes: All classes of the run.
    """
    counts = confusion(truth, predicted, len(classes))
    hits, clips, guesses = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    tested = clips > 0
    f1 = 2 * hits[tested] / (clips + guesses)[tested]
    return Scores(
        ua=float((hits[tested] / clips[tested]).mean()),
        wa=float(hits.sum() / clips.sum()),
        macro_f1=float(f1.mean()),
        undefined=tuple(c for c, present in zip(classes, tested, strict=True) if not present),
    )


Tested = tuple[np.ndarray, np.ndarray, Sequence[str]]
"""Truth (N,), prediction (N,) and speaker of every test utterance."""


def ua_interval(
    runs: Sequence[Tested], *, classes: int, seed: int, against: Sequence[Tested] = ()
) -> Interval | None:
    """Interval of the UA averaged over runs (seeds and draws), by bootstrap over speakers.

    Speakers are drawn with replacement, the same for all runs. A resample in which a run lacks a
    class that it tests is drawn again.

    Args:
        runs: What was tested.
        classes: Number of classes C.
        seed: Of the resampling.
        against: Runs whose mean UA is subtracted in every resample: the interval is then one of
            the difference.

    Returns:
        The interval; None where fewer than two speakers leave nothing to resample.
    """
    everything = [*runs, *against]
    shares = np.concatenate([np.full(len(r), 1 / max(len(r), 1)) for r in (runs, against)])
    shares[len(runs) :] *= -1
    speakers = sorted({speaker for _, _, of_run in everything for speaker in of_run})
    if len(speakers) < 2:
        return None
    counts = np.stack([_by_speaker(run, speakers, classes) for run in everything])  # (R, S, C, C)
    tested = counts.sum(axis=(1, 3)) > 0  # (R, C)
    rng = np.random.default_rng(seed)
    resampled: list[float] = []
    redrawn = 0
    while len(resampled) < RESAMPLES:
        drawn = np.bincount(
            rng.integers(len(speakers), size=len(speakers)), minlength=len(speakers)
        )
        pooled = np.tensordot(counts, drawn, axes=(1, 0))  # (R, C, C)
        clips = pooled.sum(axis=2)
        if (clips[tested] == 0).any():
            redrawn += 1
            continue
        recall = pooled.diagonal(axis1=1, axis2=2) / np.maximum(clips, 1)
        resampled.append(recall.sum(axis=1) / tested.sum(axis=1) @ shares)
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Interval(low=float(low), high=float(high), redrawn=redrawn)


def _by_speaker(run: Tested, speakers: Sequence[str], classes: int) -> np.ndarray:
    """Confusion matrix of every speaker, (S, C, C)."""
    truth, predicted, of_run = run
    counts = np.zeros((len(speakers), classes, classes), int)
    place = {speaker: i for i, speaker in enumerate(speakers)}
    np.add.at(counts, (np.array([place[s] for s in of_run]), truth, predicted), 1)
    return counts
