"""Scores of predictions over seeds and draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from mdat_data.metrics.bootstrap import MOST_DRAWS, RESAMPLES, Interval, Tested, ua_interval
from mdat_data.metrics.metrics import Metrics, compute_metrics

RARE = "rare classes"
NO_INTERVAL = (
    f"there is no interval, because fewer than {RESAMPLES:,} of {MOST_DRAWS:,} resamples of the "
    "speakers have every class"
)
"""Why there is no interval although there are several speakers, in short and in full."""


@dataclass(frozen=True, kw_only=True)
class MeanStd:
    """Mean and standard deviation of a metric over seeds and draws.

    Attributes:
        mean: The mean.
        std: The standard deviation of a sample (n - 1); 0 for a single value.
    """

    mean: float
    std: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "MeanStd":
        """Compute both."""
        std = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
        return cls(mean=float(np.mean(values)), std=std)


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Metrics over seeds and draws.

    Attributes:
        per_run: The metrics of each seed and draw.
        interval: Of the mean UA, by bootstrap over speakers; None where there is none.
        speakers: Number of test speakers.
        chance: UA of guessing.
    """

    per_run: tuple[Metrics, ...]
    interval: Interval | None
    speakers: int
    chance: float

    @classmethod
    def of(
        cls, tested: Sequence[Tested], classes: Sequence[str], *, seed: int, **more: Any
    ) -> Self:
        """Compute the scores of predictions.

        Args:
            tested: One item for each seed and draw.
            classes: All classes, in the order of their numbers.
            seed: Seed of the bootstrap.
            more: Fields that a class of its own adds.
        """
        return cls(
            per_run=tuple(compute_metrics(truth, said, classes) for truth, said, _ in tested),
            interval=ua_interval(tested, classes=len(classes), seed=seed),
            speakers=len({speaker for _, _, speakers in tested for speaker in speakers}),
            chance=1 / len(classes),
            **more,
        )

    @property
    def no_interval(self) -> str:
        """Why there is no interval, in a few words; empty where there is one."""
        if self.interval:
            return ""
        return "one speaker" if self.speakers < 2 else RARE

    def mean_std(self, name: str) -> MeanStd:
        """Mean and standard deviation of one of `mdat_data.metrics.METRICS`, by its name."""
        return MeanStd.of([getattr(metrics, name) for metrics in self.per_run])

    @property
    def ua(self) -> MeanStd:
        """Unweighted accuracy: the mean recall over the classes."""
        return self.mean_std("ua")

    @property
    def wa(self) -> MeanStd:
        """Weighted accuracy: the share of utterances that are predicted correctly."""
        return self.mean_std("wa")

    @property
    def macro_f1(self) -> MeanStd:
        """Mean F1 over the classes."""
        return self.mean_std("macro_f1")
