"""A finished run: everything from which its metrics can be computed again."""

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from mdat_data import InputError
from mdat_data.metrics import Scores
from mdat_data.splits.split import Split
from mdat_train.adaptation import Choice
from mdat_train.classifiers.classifier import Epoch
from mdat_train.config import AnyPath, TrainConfig
from mdat_train.runs.condition import SUPPORT, Condition
from mdat_train.runs.predictions import Predictions, PredictionTable


@dataclass(frozen=True, kw_only=True)
class Training:
    """How one model was trained.

    Attributes:
        name: What was trained, with seed and fold or draw.
        split: Ids of the training, validation and test set.
        history: The logs of each epoch.
        warnings: What the test set shares with the training set, or lacks in it.
    """

    name: str
    split: Split
    history: tuple[Epoch, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConditionMetrics(Scores):
    """Scores of one condition over its seeds and draws.

    Attributes:
        condition: What was trained and tested.
    """

    condition: Condition

    @classmethod
    def of_predictions(
        cls, predictions: Sequence[Predictions], classes: Sequence[str], *, seed: int
    ) -> "ConditionMetrics":
        """Compute the metrics of the predictions of one condition.

        Args:
            predictions: One item for each seed and draw.
            classes: All classes of the run.
            seed: Seed of the bootstrap.
        """
        tested = [p.tested for p in predictions]
        return cls.of(tested, classes, seed=seed, condition=predictions[0].condition)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What happened when the files of a model were written.

    Attributes:
        warnings: What is not as the user expects.
        failure: Why there is no `model.onnx` although there should be one; empty where all is well.
    """

    warnings: tuple[str, ...] = ()
    failure: str = ""


class KeptModel(Protocol):
    """The model that a run keeps."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the summary must know about it."""

    def write(self, run: "Run", folder: Path, *, export: bool) -> Written:
        """Write its files into the folder of its run; `model.onnx` only with `export`."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """A finished run.

    Attributes:
        config: The resolved configuration.
        provenance: Path of each features file -> its digest and provenance.
        classes: In the order of the probabilities.
        utterances: Number of utterances of the source, and of the target where there is one.
        parameters: Number of trainable parameters of a network; None for other models.
        trainings: Every model that was trained.
        predictions: Of every condition, seed and draw.
        choices: Seed and number of shots -> how `--adaptation auto` chose to adapt, and why.
        model: The trained model; None where it cannot be saved, was not kept, or the run was read
            from a folder.
    """

    config: TrainConfig
    provenance: Mapping[str, Any]
    classes: tuple[str, ...]
    utterances: Mapping[str, int]
    predictions: PredictionTable
    parameters: int | None = None
    trainings: Sequence[Training] = field(default_factory=list)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    model: KeptModel | None = None

    def conditions(self) -> list[Condition]:
        """The conditions in the order in which they were first tested."""
        return list(dict.fromkeys(p.condition for p in self.predictions))

    @property
    def kept_condition(self) -> Condition:
        """The condition that estimates the performance of the model that the run keeps."""
        return [c for c in self.conditions() if c.trained_on != SUPPORT][-1]

    def of(self, condition: Condition) -> list[Predictions]:
        """The predictions of one condition, one item for each seed and draw."""
        return [p for p in self.predictions if p.condition == condition]

    def metrics(self) -> list[ConditionMetrics]:
        """Metrics of every condition, computed from the predictions."""
        return [self.metrics_of(condition) for condition in self.conditions()]

    def metrics_of(self, condition: Condition) -> ConditionMetrics:
        """Metrics of one condition, computed from the predictions, and only once."""
        seed = self.config.resampling_seed
        computed, key = self.predictions.computed, (condition, self.classes, seed)
        if key not in computed:
            predictions = self.of(condition)
            computed[key] = ConditionMetrics.of_predictions(predictions, self.classes, seed=seed)
        metrics: ConditionMetrics = computed[key]
        return metrics

    def summary(self) -> str:
        """The metrics as the command prints them."""
        from mdat_train.runs.summary import summary

        return summary(self)

    def save(self, out: AnyPath, *, export: bool = True) -> Path:
        """Write the folder of the run, with its figures and, where there is one, its model.

        Args:
            out: The folder, which must not exist; it appears whole or not at all.
            export: Write `model.onnx` too; if that fails, a warning tells why.

        Returns:
            The folder; another one if `out` appears meanwhile, of which a warning tells.

        Raises:
            InputError: The folder exists, or cannot be written. The message says what was kept.
        """
        from mdat_train.runs.folder import save_run

        if os.path.lexists(out):
            raise InputError(
                f"{out} must not exist, but does. Choose another folder, or remove it."
            )
        saved = save_run(self, Path(out), export=export)
        for warning in (*saved.warnings, *filter(None, [saved.failure])):
            warnings.warn(warning, stacklevel=2)
        return saved.folder
