"""What a network learns in every epoch of a training."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mdat_data.batches import shuffled_by_length
from mdat_train.inputs.balance import balanced
from mdat_train.inputs.selection import Selection

LEAST_UTTERANCES = 160
"""Lowest number of utterances of an epoch: a small set is passed over several times, so that it is
learned as thoroughly as a corpus."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """The utterances that a network learns from, in a new order in every epoch.

    Attributes:
        train: The N utterances.
        shares: How often each is drawn, relative to the others, (N,): an epoch is then a random
            draw. None takes every utterance in turn, and weighs it in the loss.
        drawn: Number of utterances that are drawn in an epoch.
        pull: How strongly the weights are pulled to those that the training starts from.
    """

    train: Selection
    shares: np.ndarray | None = None
    drawn: int = 0
    pull: float = 0.0

    def steps(self, size: int) -> int:
        """Number of batches of an epoch, by the utterances of a batch."""
        if self.shares is not None:
            return math.ceil(self.drawn / size)
        return self._passes * math.ceil(len(self.train) / size)

    def orders(self, rng: np.random.Generator, size: int) -> Iterator[np.ndarray]:
        """Rows of the utterances of an epoch, in batches of similar length."""
        lengths = self.train.speech_lengths
        if self.shares is None:
            for _ in range(self._passes):
                yield shuffled_by_length(lengths, rng, size=size)
        else:
            rows = rng.choice(len(lengths), self.drawn, p=self.shares / self.shares.sum())
            yield rows[shuffled_by_length([lengths[row] for row in rows], rng, size=size)]

    def weights(self) -> np.ndarray:
        """What every utterance counts in the loss of its batch, (N,) float32."""
        if self.shares is None:
            return balanced(self.train)
        return np.ones(len(self.train), np.float32)

    @property
    def _passes(self) -> int:
        return math.ceil(LEAST_UTTERANCES / len(self.train))


def enough_draws(shares: np.ndarray) -> int:
    """Number of draws by which each of the likeliest utterances is drawn once, on average."""
    return max(LEAST_UTTERANCES, math.ceil(float(shares.sum() / shares.max())))
