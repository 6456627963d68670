"""The protocol of all classifiers: how an experiment trains, adapts, applies and saves them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from mdat_train.inputs.scaling import Statistics
from mdat_train.inputs.selection import Selection

Epoch = dict[str, float]
"""The logs of one epoch: `epoch`, `loss` and, with early stopping, `validation_ua`."""

EpochCallback = Callable[[Epoch, int], None]
"""Called after every epoch with its logs and the number of epochs that are planned."""


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """What a classifier has learned; only the classifier that made it can read it.

    Attributes:
        state: Weights or estimators.
        history: The logs of each epoch; empty for models without epochs.
    """

    state: Any
    history: tuple[Epoch, ...] = ()


class Classifier(Protocol):
    """A model together with the way it is trained."""

    @property
    def parameters(self) -> int | None:
        """Number of trainable parameters of a network; None for other models."""

    @property
    def recipe(self) -> str:
        """All that what `fit` learns depends on, besides its data and the seed."""

    @property
    def starts_over(self) -> bool:
        """It has no steps of training: where it is not pulled to it, it forgets what it learned."""

    def fit(
        self,
        train: Selection,
        validation: Selection | None,
        *,
        weights: np.ndarray | None = None,
        seed: int,
        callback: EpochCallback,
    ) -> Fitted:
        """Train from new weights.

        Args:
            train: The N utterances of the training set.
            validation: Where there is one, it decides when to stop.
            weights: Shares of the utterances in what is learned, (N,); None weighs files and
                classes alike, see `mdat_train.inputs.balance`.
            seed: Of all that is random.
            callback: Called after every epoch.

        Returns:
            What was learned.
        """

    def continue_from(
        self,
        fitted: Fitted,
        train: Selection,
        *,
        weights: np.ndarray | None = None,
        pull: float = 0.0,
        seed: int,
        callback: EpochCallback,
    ) -> Fitted:
        """Go on from trained weights; what every method of adaptation is made of.

        Args:
            fitted: What was learned before; it stays as it is.
            train: The N utterances to learn from.
            weights: As in `fit`.
            pull: How strongly the weights are pulled to those of `fitted`.
            seed: Of all that is random.
            callback: Called after every epoch.

        Returns:
            What was learned.

        Raises:
            InputError: The model has no weights to be pulled to.
        """

    def predict(self, fitted: Fitted, selection: Selection) -> np.ndarray:
        """Class probabilities of every utterance, (N, C) float32."""

    def save(
        self, fitted: Fitted, path: Path, *, statistics: Mapping[str, Statistics] | None = None
    ) -> None:
        """Save as a Keras model that takes features as they are in the features file.

        Args:
            fitted: What was learned.
            path: Of the `.keras` file.
            statistics: Of each stream, where features were standardised outside the model; they
                become part of the saved model.

        Raises:
            InputError: The model cannot be saved.
        """
