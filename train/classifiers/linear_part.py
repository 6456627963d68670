"""The linear classifier inside a network's model: fitted as `linear` is, and set as weights."""

from typing import Any

import numpy as np

from mdat_keras import linear_weights, set_linear_weights
from mdat_train.adaptation import Strengths
from mdat_train.classifiers.classifier import EpochCallback, Fitted
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier, arrays_of, state_of
from mdat_train.inputs.selection import Selection


class LinearPart:
    """A linear classifier whose weights are a part of a network's model.

    Args:
        network: The whole model; its layer `linear` is of `build_linear`.
        config: Configuration of the network: streams and standardisation.
        l2: Penalty of the linear classifier; None is that of scikit-learn.
    """

    def __init__(self, network: Any, config: Any, l2: float | None) -> None:
        self._network = network
        self._classifier = SklearnClassifier(
            "linear", standardize=config.standardize, modality=config.modality, l2=l2
        )

    @property
    def model(self) -> Any:
        """The part of the model."""
        return self._network.get_layer("linear")

    def fit(
        self, train: Selection, *, weights: np.ndarray | None, seed: int, callback: EpochCallback
    ) -> None:
        """Fit and set new weights; see `Classifier.fit`."""
        self._set(self._classifier.fit(train, None, weights=weights, seed=seed, callback=callback))

    def continue_from(
        self,
        train: Selection,
        *,
        weights: np.ndarray | None,
        pull: float,
        seed: int,
        callback: EpochCallback,
    ) -> None:
        """Go on from the weights that are set; see `Classifier.continue_from`.

        It has no steps of training. Where `train` is the support set alone, which has no shares,
        the penalty pulls to the weights that are set.
        """
        if weights is None:
            pull = pull or Strengths().pull
        widths = {name: rows[0].shape[-1] for name, rows in train.streams.items()}
        state = state_of(linear_weights(self.model), widths)
        self._set(
            self._classifier.continue_from(
                Fitted(state=state), train, weights=weights, pull=pull, seed=seed, callback=callback
            )
        )

    def _set(self, fitted: Fitted) -> None:
        set_linear_weights(self.model, **arrays_of(fitted.state))
