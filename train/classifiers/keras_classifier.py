"""A Keras model as a system: how it is trained, adapted and asked."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np

from mdat_data import InputError
from mdat_data.batches import Inputs, batches, shuffled_by_length
from mdat_data.cache import MODALITIES
from mdat_data.metrics import compute_metrics
from mdat_keras import Stage
from mdat_train.classifiers.classifier import Epoch, Fitted, Watch, balanced_weights
from mdat_train.classifiers.compilation import Parts, compiled, train_on_batch
from mdat_train.config import TrainConfig
from mdat_train.inputs.scaling import Statistics, statistics_of
from mdat_train.inputs.selection import Selection

WARM_UP = 0.1
"""Share of the steps in which the learning rate rises to its highest."""

LEAST_UTTERANCES = 160
"""An epoch passes over so many utterances at least: over a few clips several times, so that they
are learned as thoroughly as a corpus is."""


class Network:
    """A Keras model that is built and compiled once and trained many times.

    Args:
        model_config: What to build.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.
        config: Epochs, learning rates, batch size, and whether training statistics are used.

    Attributes:
        model: The model, with the weights that were used last.
    """

    def __init__(
        self, model_config: Any, speech_dim: int, text_dim: int, config: TrainConfig
    ) -> None:
        self.config = config
        self._build = partial(Parts, model_config, speech_dim, text_dim)
        self._parts = compiled(model_config, speech_dim, text_dim)
        self.model = self._parts.model

    @property
    def parameters(self) -> int:
        """Number of the model's trainable parameters."""
        return int(sum(math.prod(v.shape) for v in self.model.trainable_variables))

    def fit(
        self, train: Selection, validation: Selection | None, *, seed: int, watch: Watch
    ) -> Fitted:
        """Train from new weights, stage after stage; see `System.fit`.

        Every stage is trained for all epochs, which are numbered through.
        """
        keras.utils.set_random_seed(seed)
        self._parts.restore(self._build().state)
        if self.config.normalize == "train":
            _set_statistics(self.model, statistics_of(train))
        steps = self.config.epochs * _passes(train) * math.ceil(len(train) / self.config.batch_size)
        total = self.config.epochs * len(self._parts.stages)
        history: list[Epoch] = []
        for number, stage in enumerate(self._parts.stages):
            rates = _warm_up_and_cosine(self.config.highest_learning_rate, steps)
            numbers = range(number * self.config.epochs + 1, (number + 1) * self.config.epochs + 1)
            history += self._learn(
                stage, train, validation, numbers, rates, seed, lambda epoch: watch(epoch, total)
            )
            if stage.features is not None:
                train = self._next(stage.features, train)
                validation = validation and self._next(stage.features, validation)
        return Fitted(state=self._parts.state, history=tuple(history))

    def adapt(self, fitted: Fitted, support: Selection, *, seed: int, watch: Watch) -> Fitted:
        """Go on with all weights, and the statistics of the source; see `System.adapt`.

        The seed decides the order of the clips; dropout goes on from where training left it.
        """
        self._parts.restore(fitted.state)
        rate = self.config.adapt_learning_rate or self.config.highest_learning_rate
        rates, total = itertools.repeat(rate), self.config.adapt_epochs
        numbers = range(1, total + 1)
        history = self._learn(
            self._parts.whole,
            support,
            None,
            numbers,
            rates,
            seed,
            lambda epoch: watch(epoch, total),
        )
        return Fitted(state=self._parts.state, history=tuple(history))

    def predict(self, fitted: Fitted, selection: Selection) -> np.ndarray:
        """Class probabilities of every utterance; see `System.predict`."""
        self._parts.restore(fitted.state)
        return self._predict(self.model, selection)

    def save(
        self, fitted: Fitted, path: Path, *, statistics: Mapping[str, Statistics] | None = None
    ) -> None:
        """Save a model that takes features as they stand in the features file.

        Args:
            fitted: What was learned.
            path: Of the `.keras` file.
            statistics: Of each modality's features, where they were brought to one scale outside
                the model; they become part of it.
        """
        self._parts.restore(fitted.state)
        _set_statistics(self.model, statistics or {})
        self.model.save(path)

    def _learn(
        self,
        stage: Stage,
        train: Selection,
        validation: Selection | None,
        numbers: range,
        rates: Iterator[float],
        seed: int,
        show: Callable[[Epoch], None],
    ) -> list[Epoch]:
        """Train for some epochs; with a validation part, stop early and keep the best epoch."""
        for variable in stage.model.optimizer.variables:
            variable.assign(np.zeros(variable.shape))
        rng = np.random.default_rng(seed)
        history: list[Epoch] = []
        best, best_state = (-1.0, -math.inf), None
        for epoch in numbers:
            history.append({"epoch": epoch, "loss": self._epoch(stage, train, rates, rng)})
            if not math.isfinite(history[-1]["loss"]):
                raise InputError(
                    f"the training diverged: its loss is {history[-1]['loss']} in epoch {epoch}. "
                    "Use a lower --learning-rate (or --adapt-learning-rate)."
                )
            if validation is not None:
                history[-1] |= self._validate(stage.predictor, validation)
                rank = (history[-1]["validation_ua"], -history[-1]["validation_loss"])
                if rank > best:
                    best, best_epoch = rank, epoch
                    best_state = self._parts.state
            show(history[-1])
            if best_state is not None and epoch - best_epoch >= self.config.patience:
                break
        if best_state is not None:
            self._parts.restore(best_state)
        return history

    def _epoch(
        self, stage: Stage, train: Selection, rates: Iterator[float], rng: np.random.Generator
    ) -> float:
        """Pass over the training part in new order; returns the mean loss."""
        labels = train.labels
        weights = balanced_weights(labels, len(train.classes))
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
        return {
            "validation_ua": compute_metrics(
                labels, probabilities.argmax(axis=1), validation.classes
            ).ua,
            "validation_loss": float(-np.log(likelihoods).mean()),
        }

    def _predict(self, predictor: keras.Model, selection: Selection) -> np.ndarray:
        probabilities = np.empty((len(selection), len(selection.classes)), np.float32)
        for rows, inputs in self._by_length(selection):
            probabilities[rows] = predictor.predict_on_batch(inputs)
        return probabilities

    def _next(self, features: keras.Model, selection: Selection) -> Selection:
        """A selection as the next stage reads it."""
        streams: dict[str, list[Any]] = {name: [None] * len(selection) for name in MODALITIES}
        for rows, inputs in self._by_length(selection):
            for name, made in features.predict_on_batch(inputs).items():
                for row, of_one in zip(rows, made, strict=True):
                    streams[name][row] = of_one[: len(getattr(selection, name)[row])]
        return replace(selection, **{name: tuple(stream) for name, stream in streams.items()})

    def _by_length(self, selection: Selection) -> Iterator[tuple[np.ndarray, Inputs]]:
        """Batches of one length side by side: masks make the order inert, and less is padded."""
        order = np.argsort([len(rows) for rows in selection.speech], kind="stable")
        return batches(selection.streams, order, size=self.config.batch_size)


def _set_statistics(model: keras.Model, statistics: Mapping[str, Statistics]) -> None:
    """Set those of the streams that the model has."""
    for layer in model.layers:
        for modality, of_modality in statistics.items():
            if layer.name == f"{modality}_standardize":
                layer.set_statistics(of_modality.mean, of_modality.scale)


def _passes(selection: Selection) -> int:
    """How often an epoch passes over a selection."""
    return math.ceil(LEAST_UTTERANCES / len(selection))


def _warm_up_and_cosine(highest: float, steps: int) -> Iterator[float]:
    """Learning rates: a linear rise in the first steps, then half a cosine down to 0."""
    rise = max(1, round(WARM_UP * steps))
    for step in range(1, steps + 1):
        if step <= rise:
            yield highest * step / rise
        else:
            yield highest * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise))) / 2
