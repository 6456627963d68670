"""How the features of the recordings to predict lie to those that a model learned from."""

from collections.abc import Mapping, Sequence

import numpy as np

from mdat_data.steps import lowest
from mdat_predict.saved.description import Description

Streams = Mapping[str, Sequence[np.ndarray]]
"""Name of a stream -> features (T, D) of each utterance."""


class Scales:
    """Mean and standard deviation of the features of recordings, beside those of a model.

    Args:
        description: Of the model. Streams without statistics stay as they are.
    """

    def __init__(self, description: Description) -> None:
        self._streams = {
            name: of for name, of in description.streams.items() if of.mean is not None
        }
        # Deviations from the mean of the model: far from 0, squares would lose their digits.
        self._steps = dict.fromkeys(self._streams, 0)
        self._sums = {name: np.zeros((2, 1)) for name in self._streams}

    def add(self, streams: Streams) -> None:
        """Take note of the features of some utterances."""
        for name, of in self._streams.items():
            for rows in streams[name]:
                apart = rows - np.asarray(of.mean, np.float64)
                self._steps[name] += len(rows)
                moments = np.stack([apart.sum(axis=0), (apart**2).sum(axis=0)])
                self._sums[name] = self._sums[name] + moments

    def distances(self) -> dict[str, float]:
        """How far what was added lies from what the model learned from.

        Returns:
            Name of a stream -> distance of the mean of a feature from that in training, in standard
            deviations of the training, averaged over the features.
        """
        return {
            name: float(np.mean(np.abs(self._sums[name][0] / self._steps[name]) / of.scale))
            for name, of in self._streams.items()
            if self._steps[name] and of.scale is not None
        }

    def applied(self, streams: Streams) -> dict[str, Sequence[np.ndarray]]:
        """Replace mean and standard deviation of the recordings by those of the model.

        This is transductive: all recordings must have been added, and what is predicted for one
        depends on the others.

        Args:
            streams: Of utterances that were added.

        Returns:
            The same streams; (T, D) float32 where they are rescaled.
        """
        return {
            name: [self._rescaled(name, each) for each in rows] if name in self._streams else rows
            for name, rows in streams.items()
        }

    def _rescaled(self, name: str, rows: np.ndarray) -> np.ndarray:
        of = self._streams[name]
        shift, squares = self._sums[name] / self._steps[name]
        mean, variance = of.mean + shift, np.maximum(squares - shift**2, 0)
        scale = np.maximum(np.where(variance > 0, np.sqrt(variance), 1), lowest(mean, variance))
        return np.asarray((rows - mean) / scale * of.scale + of.mean, np.float32)
