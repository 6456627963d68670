"""A classifier that learns nothing: it remembers what it was trained on and what it predicted."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from toy_runs import config

from mdat_train.classifiers.classifier import EpochCallback, Fitted
from mdat_train.experiments.recorder import Progress, Recorder, silent
from mdat_train.inputs.scaling import Statistics
from mdat_train.inputs.selection import Selection


class RememberingClassifier:
    """Its state is the ids that it was trained on; it always predicts the true class."""

    parameters = None
    starts_over = False

    def __init__(self) -> None:
        self.fitted: list[tuple[Selection, Selection | None, int]] = []
        self.continued: list[tuple[Fitted, Selection, int]] = []
        self.predicted: list[tuple[Fitted, Selection]] = []

    def fit(
        self,
        train: Selection,
        validation: Selection | None,
        *,
        weights: np.ndarray | None = None,
        seed: int,
        callback: EpochCallback,
    ) -> Fitted:
        self.fitted.append((train, validation, seed))
        return Fitted(state=(*train.ids, *(validation.ids if validation else ())))

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
        self.continued.append((fitted, train, seed))
        return Fitted(state=("continued", *train.ids))

    def predict(self, fitted: Fitted, selection: Selection) -> np.ndarray:
        self.predicted.append((fitted, selection))
        return np.eye(len(selection.classes), dtype=np.float32)[selection.labels]

    def save(
        self, fitted: Fitted, path: Path, *, statistics: Mapping[str, Statistics] | None = None
    ) -> None:
        raise NotImplementedError


def recorder(
    *, progress: Progress = silent, **changed: Any
) -> tuple[Recorder, RememberingClassifier]:
    """A recorder of a run whose model, called mdat, only remembers."""
    classifier = RememberingClassifier()
    return Recorder(classifier, config(**{"model": "mdat"} | changed), progress), classifier
