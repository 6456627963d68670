"""What one run leaves behind: everything from which its scores can be computed again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mdat_data.metrics import Interval, Metrics, Tested, compute_metrics, ua_interval
from mdat_train.classifiers.classifier import Epoch
from mdat_train.splits.folds import Split


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What was trained on what, and tested on what.

    Attributes:
        system: The model, and for the controls of k-shot what it was allowed to learn from.
        test: `folds` (all utterances, each predicted by a model that did not see it), `target`
            (all of the target) or `query` (the target outside the pool of k-shot).
        shots: Labelled clips per class of the target that were learned from.
    """

    system: str
    test: str
    shots: int


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """Predictions of one condition under one seed, and in k-shot one draw.

    Attributes:
        condition: What was trained and tested.
        seed: Of the training and, within a corpus, of the folds.
        draw: Of the clips in k-shot; None elsewhere.
        ids: Of the N test utterances.
        speakers: Of the N test utterances.
        truth: (N,) numbers of classes.
        probabilities: (N, C).
    """

    condition: Condition
    seed: int
    draw: int | None
    ids: tuple[str, ...]
    speakers: tuple[str, ...]
    truth: np.ndarray
    probabilities: np.ndarray

    @property
    def predicted(self) -> np.ndarray:
        """The most probable class of each utterance, (N,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def tested(self) -> Tested:
        """Truth, prediction and speaker of each utterance."""
        return self.truth, self.predicted, self.speakers


@dataclass(frozen=True, kw_only=True)
class Training:
    """How one model came to be.

    Attributes:
        name: What was trained, with seed and fold or draw.
        split: Ids that were learned from, watched and tested on.
        history: What each epoch showed.
        warnings: What the test part shares with the training part, or lacks there.
    """

    name: str
    split: Split
    history: tuple[Epoch, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Run:
    """A finished run.

    Attributes:
        config: Every option, by name, as JSON knows it.
        provenance: For each features file its path, digest and provenance.
        classes: In the order of the probabilities.
        utterances: Of the source, and of the target where there is one.
        parameters: Trainable ones of a network; None for other models.
        trainings: Every model that was trained.
        predictions: Of every condition, seed and draw.
    """

    config: Mapping[str, Any]
    provenance: Mapping[str, Any]
    classes: tuple[str, ...]
    utterances: Mapping[str, int]
    parameters: int | None = None
    trainings: Sequence[Training] = field(default_factory=list)
    predictions: Sequence[Predictions] = field(default_factory=list)

    def conditions(self) -> list[Condition]:
        """The conditions in the order in which they were first tested."""
        return list(dict.fromkeys(p.condition for p in self.predictions))

    def of(self, condition: Condition) -> list[Predictions]:
        """The predictions of one condition, a seed and draw each."""
        return [p for p in self.predictions if p.condition == condition]

    def results(self) -> list["Result"]:
        """Metrics of every condition, computed from the predictions."""
        return [Result.of(c, self.of(c), self.classes) for c in self.conditions()]


@dataclass(frozen=True, kw_only=True)
class Result:
    """Metrics of one condition over its seeds and draws.

    Attributes:
        condition: What was trained and tested.
        scores: Of each seed and draw.
        interval: Of the mean UA, by bootstrap over speakers; None for a single speaker.
        speakers: Test speakers.
        chance: UA of guessing.
    """

    condition: Condition
    scores: tuple[Metrics, ...]
    interval: Interval | None
    speakers: int
    chance: float

    @classmethod
    def of(
        cls, condition: Condition, predictions: Sequence[Predictions], classes: Sequence[str]
    ) -> "Result":
        """Score the predictions of one condition."""
        return cls(
            condition=condition,
            scores=tuple(compute_metrics(p.truth, p.predicted, classes) for p in predictions),
            interval=ua_interval([p.tested for p in predictions], classes=len(classes), seed=0),
            speakers=len({speaker for p in predictions for speaker in p.speakers}),
            chance=1 / len(classes),
        )

    def mean_and_deviation(self, score: str) -> tuple[float, float]:
        """Mean and standard deviation over seeds and draws of `ua`, `wa` or `macro_f1`.

        The deviation is that of a sample (n - 1), and 0 for a single one.
        """
        values = [getattr(s, score) for s in self.scores]
        return float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
