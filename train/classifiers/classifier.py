"""What can be trained, adapted and asked: the shape that every model has for an experiment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from mdat_train.inputs.selection import Selection

Epoch = dict[str, float]
"""What one epoch showed: `epoch`, `loss` and, where groups are held out, `validation_ua`."""

Watch = Callable[[Epoch, int], None]
"""Is told what each epoch showed, and how many are planned."""


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """What a system has learned; only the system that made it can read it.

    Attributes:
        state: Weights or estimators.
        history: What each epoch showed; empty for models without epochs.
    """

    state: Any
    history: tuple[Epoch, ...] = ()


class System(Protocol):
    """A model with its way of learning."""

    @property
    def parameters(self) -> int | None:
        """Number of trainable parameters of a network; None elsewhere."""

    def fit(
        self, train: Selection, validation: Selection | None, *, seed: int, watch: Watch
    ) -> Fitted:
        """Learn from scratch; `validation`, where there is one, decides when to stop."""

    def adapt(self, fitted: Fitted, support: Selection, *, seed: int, watch: Watch) -> Fitted:
        """Go on from `fitted` with a few labelled clips of another corpus."""

    def predict(self, fitted: Fitted, selection: Selection) -> np.ndarray:
        """Class probabilities of every utterance, (N, C) float32."""


def balanced_weights(labels: np.ndarray, classes: int) -> np.ndarray:
    """Weight of every utterance, (N,), such that each class present weighs the same; mean 1.

    Args:
        labels: (N,) numbers of classes.
        classes: How many there are.
    """
    counts = np.bincount(labels, minlength=classes)
    return np.asarray(len(labels) / ((counts > 0).sum() * counts[labels]), np.float32)
