"""The difference of two models over several targets, tested over all their speakers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mdat_data.metrics import RESAMPLES
from mdat_train.evaluation.comparison import sign_flip, speaker_differences
from mdat_train.runs.predictions import Predictions

Pair = tuple[Sequence[Predictions], Sequence[Predictions]]
"""The predictions of two models on the same target."""

TAILS = (2.5, 97.5)


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """A mean difference over targets.

    Attributes:
        difference: Mean over the targets of the mean UA of the first less that of the second.
        low: Lower end of its 95 % interval, by bootstrap over the speakers of each target.
        high: Upper end.
        p: Two-sided p value of a sign-flip test over all speakers.
        targets: Number of targets.
        speakers: Number of speakers of all targets.
    """

    difference: float
    low: float
    high: float
    p: float
    targets: int
    speakers: int


def pooled(pairs: Sequence[Pair], *, seed: int) -> Pooled:
    """Compare two models over several targets, which weigh the same.

    The shares of the speakers in the difference are resampled within their target, so that every
    target keeps its number of speakers.

    Args:
        pairs: For each target the predictions of both models.
        seed: Of the sign flips and of the bootstrap.

    Returns:
        The difference with its test.
    """
    shares = [np.array(list(speaker_differences(*pair).values())) / len(pairs) for pair in pairs]
    together = np.concatenate(shares)
    p, _ = sign_flip(together, seed=seed)
    rng = np.random.default_rng(seed)
    resampled = sum(rng.choice(of, (RESAMPLES, len(of))).sum(axis=1) for of in shares)
    low, high = np.percentile(resampled, TAILS)
    return Pooled(
        difference=float(together.sum()),
        low=float(low),
        high=float(high),
        p=p,
        targets=len(pairs),
        speakers=len(together),
    )
