"""A Keras model as a classifier: how it is trained, fine-tuned and applied."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from sklearn.utils.class_weight import compute_sample_weight

from mdat_data import InputError
from mdat_data.batches import Inputs, batches, shuffled_by_length
from mdat_data.cache import MODALITIES
from mdat_data.metrics import compute_metrics
from mdat_keras import Stage
from mdat_train.classifiers.classifier import Epoch, EpochCallback, Fitted
from mdat_train.classifiers.compiled_models import (
    CompiledModels,
    predict_on_batch,
    train_on_batch,
)
from mdat_train.classifiers.learning_rates import warm_up_and_cosine
from mdat_train.config import TrainConfig
from mdat_train.inputs.scaling import Statistics, statistics_of
from mdat_train.inputs.selection import Selection

RECIPE = ("epochs", "patience", "batch_size", "learning_rate", "normalize", "precision")
"""The options that what a network learns from new weights depends on, besides its own."""

LEAST_UTTERANCES = 160
"""Lowest number of utterances of an epoch: a small set is passed over several times, so that it is
learned as thoroughly as a corpus."""


class KerasClassifier:
    """A Keras model that is compiled once and trained many times.

    Args:
        model_config: The model's configuration.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.
        config: Epochs, learning rates, batch size, and whose statistics standardise.
        models: Where compiled models are kept.

    Attributes:
        model: The model, with the weights that were used last.
    """

    def __init__(
        self,
        model_config: Any,
        speech_dim: int,
        text_dim: int,
        config: TrainConfig,
        models: CompiledModels,
    ) -> None:
        self.config = config
        self._shape = (model_config, speech_dim, text_dim)
        self._trainable = models.get(*self._shape, config.precision)
        self.model = self._trainable.model

    @property
    def parameters(self) -> int:
        """Number of the model's trainable parameters."""
        return int(sum(math.prod(v.shape) for v in self.model.trainable_variables))

    @property
    def recipe(self) -> str:
        """All that what `fit` learns depends on; see `Classifier.recipe`."""
        return repr((self._shape, {name: getattr(self.config, name) for name in RECIPE}))

    def fit(
        self, train: Selection, validation: Selection | None, *, seed: int, callback: EpochCallback
    ) -> Fitted:
        """Train from new weights, stage after stage; see `Classifier.fit`.

        Every stage is trained for all epochs, which are numbered from stage to stage.
        """
        self._trainable.restore(self._trainable.initial_state(seed))
        if self.config.normalize == "train":
            set_statistics(self.model, statistics_of(train))
        stages, epochs = self._trainable.stages, self.config.epochs
        steps = epochs * _passes(train) * math.ceil(len(train) / self.config.batch_size)
        history: list[Epoch] = []
        for number, stage in enumerate(stages):
            history += self._learn(
                stage,
                train,
                validation,
                epochs=range(number * epochs + 1, (number + 1) * epochs + 1),
                rates=iter(warm_up_and_cosine(self._learning_rate, steps)),
                seed=seed,
                show=lambda epoch: callback(epoch, epochs * len(stages)),
            )
            if stage.features is not None:
                train = self._next(stage.features, train)
                validation = validation and self._next(stage.features, validation)
        return Fitted(state=self._trainable.state, history=tuple(history))

    def fine_tune(
        self,
        fitted: Fitted,
        support: Selection,
        *,
        source: Selection,
        seed: int,
        callback: EpochCallback,
    ) -> Fitted:
        """Continue with all weights, and the statistics of the source; see `Classifier.fine_tune`.

        The seed decides the order of the support; the random generator of dropout continues from
        where training left it.
        """
        self._trainable.restore(fitted.state)
        rate, epochs = self.config.adapt_learning_rate, self.config.adapt_epochs
        history = self._learn(
            self._trainable.whole,
            support,
            None,
            epochs=range(1, epochs + 1),
            rates=itertools.repeat(rate or self._learning_rate),
            seed=seed,
            show=lambda epoch: callback(epoch, epochs),
        )
        return Fitted(state=self._trainable.state, history=tuple(history))

    def predict(self, fitted: Fitted, selection: Selection) -> np.ndarray:
        """Class probabilities of every utterance, (N, C); see `Classifier.predict`."""
        self._trainable.restore(fitted.state)
        return self._predict(self.model, selection)

    def save(
        self, fitted: Fitted, path: Path, *, statistics: Mapping[str, Statistics] | None = None
    ) -> None:
        """Save the model; see `Classifier.save`."""
        self._trainable.restore(fitted.state)
        set_statistics(self.model, statistics or {})
        self.model.save(path)

    @property
    def _learning_rate(self) -> float:
        if self.config.learning_rate is None:
            raise ValueError("learning_rate must be resolved before training; got None.")
        return self.config.learning_rate

    def _learn(
        self,
        stage: Stage,
        train: Selection,
        validation: Selection | None,
        *,
        epochs: range,
        rates: Iterator[float],
        seed: int,
        show: Callable[[Epoch], None],
    ) -> list[Epoch]:
        """Train for some epochs; with a validation set, stop early and keep the best epoch."""
        self._trainable.compile(stage)
        for variable in stage.model.optimizer.variables:
            variable.assign(np.zeros(variable.shape))
        rng = np.random.default_rng(seed)
        history: list[Epoch] = []
        best, best_epoch, best_state = (-1.0, -math.inf), 0, None
        for epoch in epochs:
            history.append({"epoch": epoch, "loss": self._epoch(stage, train, rates, rng)})
            _check_finite(history[-1])
            if validation is not None:
                history[-1] |= self._validate(stage.predictor, validation)
                rank = (history[-1]["validation_ua"], -history[-1]["validation_loss"])
                if rank > best:
                    best, best_epoch, best_state = rank, epoch, self._trainable.state
            show(history[-1])
            if best_state is not None and epoch - best_epoch >= self.config.patience:
                break
        if best_state is not None:
            self._trainable.restore(best_state)
        return history

    def _epoch(
        self, stage: Stage, train: Selection, rates: Iterator[float], rng: np.random.Generator
    ) -> float:
        """Pass over the training set in a new order; returns the mean loss."""
        labels = train.labels
        weights = compute_sample_weight("balanced", labels).astype(np.float32)
        losses = []
        for _ in range(_passes(train)):
            order = shuffled_by_length(train.speech_lengths, rng, size=self.config.batch_size)
            for rows, inputs in batches(train.streams, order, size=self.config.batch_size):
                stage.model.optimizer.learning_rate.assign(next(rates))
                losses.append(train_on_batch(stage, inputs, labels[rows], weights[rows]))
        return float(np.mean(losses))

    def _validate(self, predictor: keras.Model, validation: Selection) -> Epoch:
        probabilities, labels = self._predict(predictor, validation), validation.labels
        likelihoods = np.maximum(probabilities[np.arange(len(labels)), labels], 1e-7)
        metrics = compute_metrics(labels, probabilities.argmax(axis=1), validation.classes)
        return {
            "validation_ua": metrics.ua,
            "validation_loss": float(-np.log(likelihoods).mean()),
        }

    def _predict(self, predictor: keras.Model, selection: Selection) -> np.ndarray:
        probabilities = np.empty((len(selection), len(selection.classes)), np.float32)
        for rows, inputs in self._by_length(selection):
            probabilities[rows] = predict_on_batch(predictor, inputs)
        return probabilities

    def _next(self, features: keras.Model, selection: Selection) -> Selection:
        """Apply a stage: the selection as the next stage reads it."""
        streams: dict[str, list[Any]] = {name: [None] * len(selection) for name in MODALITIES}
        for rows, inputs in self._by_length(selection):
            for name, made in predict_on_batch(features, inputs).items():
                for row, of_one in zip(rows, made, strict=True):
                    streams[name][row] = of_one[: len(getattr(selection, name)[row])]
        changed: dict[str, Any] = {name: tuple(stream) for name, stream in streams.items()}
        return replace(selection, **changed)

    def _by_length(self, selection: Selection) -> Iterator[tuple[np.ndarray, Inputs]]:
        """Batches in order of length: the masks make the order inert, and there is less padding."""
        order = np.argsort(selection.speech_lengths, kind="stable")
        return batches(selection.streams, order, size=self.config.batch_size)


def _check_finite(epoch: Epoch) -> None:
    if not math.isfinite(epoch["loss"]):
        raise InputError(
            f"the training diverged: its loss is {epoch['loss']} in epoch {epoch['epoch']:.0f}. "
            "Use a lower --learning-rate (or --adapt-learning-rate)."
        )


def set_statistics(model: keras.Model, statistics: Mapping[str, Statistics]) -> None:
    """Set the statistics that standardise the streams, in a model that has such layers.

    Args:
        model: Any model of `build_model`.
        statistics: Of the features of each stream, by its name.
    """
    for layer in model.layers:
        for modality, of_modality in statistics.items():
            if layer.name == f"{modality}_standardize":
                layer.set_statistics(of_modality.mean, of_modality.scale)


def _passes(selection: Selection) -> int:
    """Number of passes over a selection in one epoch."""
    return math.ceil(LEAST_UTTERANCES / len(selection))
