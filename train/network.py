"""A Keras model as a system: how it is trained, adapted and asked."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import keras
import numpy as np

from mdat_data import InputError
from mdat_data.cache import MODALITIES
from mdat_keras import Stage, build_model, stages, whole
from mdat_train.batches import Inputs, batches, shuffled
from mdat_train.config import TrainConfig
from mdat_train.normalization import Statistics, statistics_of
from mdat_train.scores import scores
from mdat_train.selection import Selection
from mdat_train.system import Epoch, Fitted, Watch, balanced_weights

WEIGHT_DECAY = 1e-4
CLIP_NORM = 1.0
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
        self._build = lambda: _Parts(model_config, speech_dim, text_dim)
        self._parts = _compiled(model_config, speech_dim, text_dim)
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

        def told(epoch: Epoch, _: int) -> None:
            watch(epoch, self.config.epochs * len(self._parts.stages))

        keras.utils.set_random_seed(seed)
        self._restore(_state(self._build().variables))
        if self.config.normalize == "train":
            _set_statistics(self.model, statistics_of(train))
        steps = self.config.epochs * _passes(train) * math.ceil(len(train) / self.config.batch_size)
        history: list[Epoch] = []
        for number, stage in enumerate(self._parts.stages):
            rates = _warm_up_and_cosine(self.config.highest_learning_rate, steps)
            numbers = range(number * self.config.epochs + 1, (number + 1) * self.config.epochs + 1)
            history += self._learn(stage, train, validation, numbers, rates, seed, told)
            if stage.features is not None:
                train = self._next(stage.features, train)
                validation = validation and self._next(stage.features, validation)
        return Fitted(state=_state(self._parts.variables), history=tuple(history))

    def adapt(self, fitted: Fitted, support: Selection, *, seed: int, watch: Watch) -> Fitted:
        """Go on with all weights, and the statistics of the source; see `System.adapt`.

        The seed decides the order of the clips; dropout goes on from where training left it.
        """
        self._restore(fitted.state)
        rate = self.config.adapt_learning_rate or self.config.highest_learning_rate
        numbers = range(1, self.config.adapt_epochs + 1)
        rates = itertools.repeat(rate)
        history = self._learn(self._parts.whole, support, None, numbers, rates, seed, watch)
        return Fitted(state=_state(self._parts.variables), history=tuple(history))

    def predict(self, fitted: Fitted, selection: Selection) -> np.ndarray:
        """Class probabilities of every utterance; see `System.predict`."""
        self._restore(fitted.state)
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
        self._restore(fitted.state)
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
        watch: Watch,
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
                    best_state = _state(self._parts.variables)
            watch(history[-1], len(numbers))
            if best_state is not None and epoch - best_epoch >= self.config.patience:
                break
        if best_state is not None:
            self._restore(best_state)
        return history

    def _epoch(
        self, stage: Stage, train: Selection, rates: Iterator[float], rng: np.random.Generator
    ) -> float:
        """Pass over the training part in new order; returns the mean loss."""
        labels = train.labels
        weights = balanced_weights(labels, len(train.classes))
        losses = []
        for _ in range(_passes(train)):
            order = shuffled(train, rng, size=self.config.batch_size)
            for rows, inputs in batches(train, order, size=self.config.batch_size):
                stage.model.optimizer.learning_rate.assign(next(rates))
                logs = stage.model.train_on_batch(
                    inputs,
                    dict.fromkeys(stage.losses, labels[rows]),
                    sample_weight=dict.fromkeys(stage.losses, weights[rows]),
                    return_dict=True,
                )
                losses.append(float(logs["loss"]))
        return float(np.mean(losses))

    def _validate(self, predictor: keras.Model, validation: Selection) -> Epoch:
        probabilities, labels = self._predict(predictor, validation), validation.labels
        likelihoods = np.maximum(probabilities[np.arange(len(labels)), labels], 1e-7)
        return {
            "validation_ua": scores(labels, probabilities.argmax(axis=1), validation.classes).ua,
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
        return batches(selection, order, size=self.config.batch_size)

    def _restore(self, state: list[np.ndarray]) -> None:
        for variable, value in zip(self._parts.variables, state, strict=True):
            variable.assign(value)


class _Parts:
    """A model with the stages that it is trained in.

    Attributes:
        model: The model.
        stages: Trained one after the other, from new weights.
        whole: Trained at once, from trained weights.
        variables: All weights, those that only training needs too, and the states of the random
            generators.
    """

    def __init__(self, config: Any, speech_dim: int, text_dim: int) -> None:
        self.model = build_model(config, speech_dim, text_dim)
        self.stages = stages(config, self.model)
        # One stage is traced once for both.
        self.whole = self.stages[0] if len(self.stages) == 1 else whole(config, self.model)
        trained = [stage.model for stage in (*self.stages, self.whole)]
        of_all = [v for model in (self.model, *trained) for v in model.variables]
        self.variables = list({id(variable): variable for variable in of_all}.values())


@lru_cache(maxsize=2)
def _compiled(config: Any, speech_dim: int, text_dim: int) -> _Parts:
    """The parts, ready for training; kept, because tracing them takes seconds."""
    parts = _Parts(config, speech_dim, text_dim)
    for stage in (*parts.stages, parts.whole):
        # XLA compiles anew for each shape of a batch, which costs more than it gains.
        stage.model.compile(
            keras.optimizers.AdamW(weight_decay=WEIGHT_DECAY, global_clipnorm=CLIP_NORM),
            dict(stage.losses),
            loss_weights=dict(stage.weights),
            jit_compile=False,
        )
        stage.model.optimizer.build(stage.model.trainable_variables)
        _trace(stage)
    return parts


def _trace(stage: Stage) -> None:
    """Make TensorFlow trace what is trained and asked for batches of any shape, and only once.

    It traces for the first shape, and for any shape when a second one comes. Left to itself, what
    it traced for which shapes, and so the last digits of every result, would depend on what was
    trained before. No real batch has these shapes.
    """
    for size in (1, 2):
        inputs: Inputs = {}
        for name, steps in zip(MODALITIES, (2 * size + 1, size + 4), strict=True):
            width = stage.model.input[name].shape[-1]
            inputs[name] = np.zeros((size, steps, width), np.float32)
            inputs[f"{name}_mask"] = np.ones((size, steps), bool)
        labels, weights = np.zeros(size, np.int32), np.ones(size, np.float32)
        stage.model.train_on_batch(
            inputs,
            dict.fromkeys(stage.losses, labels),
            sample_weight=dict.fromkeys(stage.losses, weights),
        )
        for asked in (stage.predictor, stage.features):
            if asked is not None:
                asked.predict_on_batch(inputs)


def _set_statistics(model: keras.Model, statistics: Mapping[str, Statistics]) -> None:
    """Set those of the streams that the model has."""
    for layer in model.layers:
        for modality, of_modality in statistics.items():
            if layer.name == f"{modality}_standardize":
                layer.set_statistics(of_modality.mean, of_modality.scale)


def _state(variables: Sequence[keras.Variable]) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(variable) for variable in variables]


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
