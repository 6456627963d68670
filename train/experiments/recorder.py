"""Trains and tests one classifier, and records how."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from mdat_data.splits.leakage import leaks, missing_classes
from mdat_data.splits.split import Split
from mdat_train.adaptation import Adaptation, Choice
from mdat_train.classifiers.classifier import Classifier, Epoch, EpochCallback, Fitted
from mdat_train.config import TrainConfig
from mdat_train.experiments.kept_trainings import KeptTrainings
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import Condition
from mdat_train.runs.predictions import Predictions
from mdat_train.runs.run import Training
from mdat_train.splits.folds import with_validation

Progress = Callable[[str], AbstractContextManager[EpochCallback]]
"""Opens the display of one training, whose name it is given."""


@contextmanager
def silent(name: str) -> Iterator[EpochCallback]:
    """A display that shows nothing."""

    def ignore(epoch: Epoch, epochs: int) -> None:
        pass

    yield ignore


@dataclass
class Recorder:
    """Trains and tests one classifier, and records every training and its predictions.

    Args:
        classifier: What is trained.
        config: A resolved configuration.
        progress: Shows the trainings.
        warnings: About every training.
        kept: Trainings that other runs have done, or will ask for; None trains everything.

    Attributes:
        trainings: Every model that was trained so far.
        predictions: Of every condition, seed and draw so far.
        chosen: Seed and number of shots -> the adaptation that was chosen for them, and why.
    """

    classifier: Classifier
    config: TrainConfig
    progress: Progress
    warnings: tuple[str, ...] = ()
    kept: KeptTrainings | None = None
    trainings: list[Training] = field(default_factory=list)
    predictions: list[Predictions] = field(default_factory=list)
    chosen: dict[str, tuple[Adaptation, Choice]] = field(default_factory=dict)

    def fit(
        self, name: str, corpus: Selection, split: Split, seed: int, *, checked: bool = True
    ) -> Fitted:
        """Train on the training set of a split.

        Args:
            name: Of the training.
            corpus: The utterances of the split.
            split: Without a validation set; for early stopping some training groups become one.
            seed: Of all that is random.
            checked: Warn of what the sets share or lack.

        Returns:
            The trained model.
        """
        if self.config.patience:
            split = with_validation(split, corpus.utterances, seed=seed)
        train, validation = corpus.of(split.train), corpus.of(split.validation)
        fit = partial(self.kept.fit, self.classifier) if self.kept else self.classifier.fit
        return self.train(
            name,
            split,
            corpus,
            lambda callback: fit(train, validation or None, seed=seed, callback=callback),
            checked=checked,
        )

    def train(
        self,
        name: str,
        split: Split,
        corpus: Selection,
        fit: Callable[[EpochCallback], Fitted],
        *,
        warning: str = "",
        checked: bool = True,
    ) -> Fitted:
        """Show and record a training.

        Args:
            name: Of the training.
            split: What it uses.
            corpus: The utterances of the split.
            fit: Does it.
            warning: About this training alone; empty if there is none.
            checked: Warn of what the sets share or lack; no score comes from the others.

        Returns:
            The trained model.
        """
        with self.progress(name) as callback:
            fitted = fit(callback)
        checks = (leaks, missing_classes) if checked else ()
        found = (each.text for check in checks for each in check(split, corpus.utterances))
        warnings = (*self.warnings, *filter(None, [warning]), *found)
        self.trainings.append(
            Training(name=name, split=split, history=fitted.history, warnings=warnings)
        )
        return fitted

    def record(
        self,
        condition: Condition,
        tested: Selection,
        probabilities: np.ndarray,
        *,
        seed: int,
        draw: int | None = None,
    ) -> None:
        """Record predictions.

        Args:
            condition: What was trained and tested.
            tested: The N test utterances.
            probabilities: Class probabilities, (N, C).
            seed: Of the training.
            draw: Number of the draw in k-shot.
        """
        self.predictions.append(
            Predictions(
                condition=condition,
                seed=seed,
                draw=draw,
                ids=tested.ids,
                speakers=tuple(u.speaker for u in tested.utterances),
                truth=tested.labels,
                probabilities=probabilities,
            )
        )
