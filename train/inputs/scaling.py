"""Standardises features: subtracts the mean, and divides by the standard deviation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

import numpy as np

from mdat_data.cache import MODALITIES
from mdat_data.steps import lowest
from mdat_train.inputs.deferred import Deferred, Features, moments
from mdat_train.inputs.selection import Selection


@dataclass(frozen=True)
class Statistics:
    """Mean and standard deviation of every feature.

    Attributes:
        mean: (D,) float32.
        scale: (D,) float32; 1 where a feature never varies, and never below a floor.
    """

    mean: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, rows: Sequence[Features]) -> Self:
        """Compute the statistics over all steps of all utterances.

        Args:
            rows: Features (T, D) of each utterance.

        Returns:
            The statistics.
        """
        # Summed utterance by utterance in float64: the features of a corpus may fill the memory.
        steps = sum(len(r) for r in rows)
        mean: Any = sum(np.sum(r, axis=0, dtype=np.float64) for r in rows) / steps
        squares = sum(((np.asarray(r) - mean) ** 2).sum(axis=0) for r in rows) / steps
        scale = np.maximum(np.where(squares > 0, np.sqrt(squares), 1.0), lowest(mean, squares))
        return cls(np.asarray(mean, np.float32), np.asarray(scale, np.float32))

    @classmethod
    def hiding(cls, dim: int) -> Self:
        """Make statistics by which every feature becomes 0.

        Args:
            dim: Number of features D.
        """
        return cls(np.zeros(dim, np.float32), np.full(dim, np.finfo(np.float32).max))

    @property
    def hides(self) -> bool:
        """They are those of `hiding`."""
        return bool((self.scale == np.finfo(np.float32).max).all())

    def applied(self, rows: Sequence[Features], *, pooled: bool = False) -> tuple[Deferred, ...]:
        """Standardise utterances.

        Args:
            rows: Features (T, D) of each utterance.
            pooled: Mean and standard deviation over time are computed from those of `rows`, which
                saves reading them again; they may differ in the last digit.

        Returns:
            The standardised features (T, D) of each utterance, float32, computed at every use.
        """
        return tuple(
            Deferred(
                partial(self._scaled, r),
                (len(r), len(self.mean)),
                self.mean.dtype,
                pool=partial(self._moments, r) if pooled else None,
            )
            for r in rows
        )

    def towards(self, others: Self, *, part: float) -> Self:
        """Mix with other statistics.

        Args:
            others: The other ones.
            part: How much of the mixture they are: 0 leaves these, 1 gives the others.
        """
        mean, scale = (
            np.asarray((1 - part) * own + part * other, np.float32)
            for own, other in ((self.mean, others.mean), (self.scale, others.scale))
        )
        return type(self)(mean, scale)

    def _scaled(self, rows: Features) -> np.ndarray:
        scaled: np.ndarray = (np.asarray(rows) - self.mean) / self.scale
        return scaled

    def _moments(self, rows: Features) -> np.ndarray:
        mean, deviation = moments(rows)
        return np.stack([(mean - self.mean) / self.scale, deviation / self.scale])


def statistics_of(selection: Selection) -> dict[str, Statistics]:
    """Compute the statistics of each modality, by its name."""
    return {modality: Statistics.of(getattr(selection, modality)) for modality in MODALITIES}


def standardized(
    selection: Selection, by: Mapping[str, Statistics] | None = None, *, pooled: bool = False
) -> Selection:
    """Standardise a selection.

    Args:
        selection: The utterances.
        by: Statistics by stream; None takes its own. Where the selection is tested this is
            transductive: unlabelled test data are used.
        pooled: See `Statistics.applied`.

    Returns:
        The same utterances with standardised features.
    """
    rows: dict[str, Any] = {
        name: of.applied(getattr(selection, name), pooled=pooled)
        for name, of in (by or statistics_of(selection)).items()
    }
    return replace(selection, **rows)
