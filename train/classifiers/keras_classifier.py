"""A Keras model as a classifier: how it is trained, fine-tuned and applied."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from mdat_data import InputError
from mdat_data.batches import Inputs, batches
from mdat_data.cache import MODALITIES
from mdat_data.metrics import compute_metrics
from mdat_keras import Stage
from mdat_train.classifiers.classifier import Epoch, EpochCallback, Fitted
from mdat_train.classifiers.compiled_models import (
    CompiledModels,
    copies,
    predict_on_batch,
    pull_back,
    set_statistics,
    train_on_batch,
)
from mdat_train.classifiers.learning_rates import warm_up_and_cosine
from mdat_train.classifiers.lesson import Lesson, enough_draws
from mdat_train.classifiers.linear_part import LinearPart
from mdat_train.config import TrainConfig
from mdat_train.inputs.balance import judged_among
from mdat_train.inputs.scaling import Statistics, statistics_of
from mdat_train.inputs.selection import Selection

RECIPE = ("epochs", "patience", "batch_size", "learning_rate", "normalize", "precision", "l2")
"""The options that what a network learns from new weights depends on, besides its own."""


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

    starts_over = False

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
        self._linear: LinearPart | None = None
        if getattr(model_config, "linear", 0):
            self._linear = LinearPart(self.model, model_config, config.l2)

    @property
    def parameters(self) -> int:
        """Number of the model's trainable parameters."""
        return int(sum(math.prod(v.shape) for v in self.model.trainable_variables))

    @property
    def recipe(self) -> str:
        """All that what `fit` learns depends on, besides its data and the seed."""
        return repr((self._shape, {name: getattr(self.config, name) for name in RECIPE}))

    def fit(
        self,
        train: Selection,
        validation: Selection | None,
        *,
        weights: np.ndarray | None = None,
        seed: int,
        callback: EpochCallback,
    ) -> Fitted:
        """Train from new weights, stage after stage; see `Classifier.fit`.

        Every stage is trained for all epochs, which are numbered from stage to stage.
        """
        self._trainable.restore(self._trainable.initial_state(seed))
        if self.config.normalize == "train":
            set_statistics(self.model, statistics_of(train))
        if self._linear is not None:
            self._linear.fit(train, weights=weights, seed=seed, callback=callback)
        stages, epochs = self._trainable.stages, self.config.epochs
        lesson = Lesson(train=train, shares=weights, drawn=len(train))
        steps = epochs * lesson.steps(self.config.batch_size)
        history: list[Epoch] = []
        for number, stage in enumerate(stages):
            history += self._learn(
                stage,
                lesson,
                validation,
                epochs=range(number * epochs + 1, (number + 1) * epochs + 1),
                rates=iter(warm_up_and_cosine(self._learning_rate, steps)),
                seed=seed,
                show=lambda epoch: callback(epoch, epochs * len(stages)),
            )
            if stage.features is not None:
                lesson = replace(lesson, train=self._next(stage.features, lesson.train))
                validation = validation and self._next(stage.features, validation)
        return Fitted(state=self._trainable.state, history=tuple(history))

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
        """Continue with all weights, and the statistics of before; see `Classifier.continue_from`.

        The linear classifier beside the network is fitted again.
        The seed decides the order of the utterances; the random generator of dropout continues from
        where training left it.
        """
        self._trainable.restore(fitted.state)
        if self._linear is not None:
            self._linear.continue_from(
                train, weights=weights, pull=pull, seed=seed, callback=callback
            )
        rate, epochs = self.config.adapt_learning_rate, self.config.adapt_epochs
        drawn = 0 if weights is None else enough_draws(weights)
        history = self._learn(
            self._trainable.whole,
            Lesson(train=train, shares=weights, drawn=drawn, pull=pull),
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
        if self._linear is not None:
            set_statistics(self._linear.model, statistics or {})
        self.model.save(path)

    @property
    def _learning_rate(self) -> float:
        if self.config.learning_rate is None:
            raise ValueError("learning_rate must be resolved before training; got None.")
        return self.config.learning_rate

    def _learn(
        self,
        stage: Stage,
        lesson: Lesson,
        validation: Selection | None,
        *,
        epochs: range,
        rates: Iterator[float],
        seed: int,
        show: Callable[[Epoch], None],
    ) -> list[Epoch]:
        """Train for some epochs; with a validation set, stop early and keep the best epoch."""
        if judged_among(lesson.train) is not None:
            stage = self._trainable.among_classes(stage)
        self._trainable.compile(stage)
        anchors = copies(stage.model.trainable_variables) if lesson.pull else None
        for variable in stage.model.optimizer.variables:
            variable.assign(np.zeros(variable.shape))
        rng = np.random.default_rng(seed)
        history: list[Epoch] = []
        best, best_epoch, best_state = (-1.0, -math.inf), 0, None
        for epoch in epochs:
            history.append(
                {"epoch": epoch, "loss": self._epoch(stage, lesson, rates, rng, anchors)}
            )
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
        self,
        stage: Stage,
        lesson: Lesson,
        rates: Iterator[float],
        rng: np.random.Generator,
        anchors: Sequence[Any] | None,
    ) -> float:
        """Learn the utterances of a lesson in a new order; returns the mean loss."""
        train, size = lesson.train, self.config.batch_size
        labels, weights, among = train.labels, lesson.weights(), judged_among(train)
        losses = []
        for order in lesson.orders(rng, size):
            for rows, inputs in batches(train.streams, order, size=size):
                rate = next(rates)
                if among is not None:
                    inputs["classes"] = among[rows]
                stage.model.optimizer.learning_rate.assign(rate)
                losses.append(train_on_batch(stage, inputs, labels[rows], weights[rows]))
                if anchors is not None:
                    pull_back(stage.model.trainable_variables, anchors, part=rate * lesson.pull)
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
