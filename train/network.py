"""MDAT as a system: how a Keras model is trained, adapted and asked."""

import itertools
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import keras
import numpy as np

from mdat_data import InputError
from mdat_keras import MDATConfig, build_model
from mdat_train.batches import batches, shuffled
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
    """

    def __init__(
        self, model_config: MDATConfig, speech_dim: int, text_dim: int, config: TrainConfig
    ) -> None:
        self.config = config
        self._build = lambda: build_model(model_config, speech_dim, text_dim)
        self.model = self._build()
        # XLA compiles anew for each shape of a batch, which costs more than it gains.
        self.model.compile(
            keras.optimizers.AdamW(weight_decay=WEIGHT_DECAY, global_clipnorm=CLIP_NORM),
            keras.losses.SparseCategoricalCrossentropy(),
            jit_compile=False,
        )
        self.model.optimizer.build(self.model.trainable_variables)

    def fit(
        self, train: Selection, validation: Selection | None, *, seed: int, watch: Watch
    ) -> Fitted:
        """Train from new weights; see `System.fit`."""
        keras.utils.set_random_seed(seed)
        self._restore(_state(self._build()))
        if self.config.normalize == "train":
            _set_statistics(self.model, statistics_of(train))
        steps = self.config.epochs * _passes(train) * math.ceil(len(train) / self.config.batch_size)
        rates = _warm_up_and_cosine(self.config.learning_rate, steps)
        return self._learn(train, validation, self.config.epochs, rates, seed, watch)

    def adapt(self, fitted: Fitted, support: Selection, *, seed: int, watch: Watch) -> Fitted:
        """Go on with all weights, and the statistics of the source; see `System.adapt`.

        The seed decides the order of the clips; dropout goes on from where training left it.
        """
        self._restore(fitted.state)
        rates = itertools.repeat(self.config.adapt_learning_rate)
        return self._learn(support, None, self.config.adapt_epochs, rates, seed, watch)

    def predict(self, fitted: Fitted, selection: Selection) -> np.ndarray:
        """Class probabilities of every utterance; see `System.predict`."""
        self._restore(fitted.state)
        return self._predict(selection)

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
        train: Selection,
        validation: Selection | None,
        epochs: int,
        rates: Iterator[float],
        seed: int,
        watch: Watch,
    ) -> Fitted:
        """Train for some epochs; with a validation part, stop early and keep the best epoch."""
        for variable in self.model.optimizer.variables:
            variable.assign(np.zeros(variable.shape))
        rng = np.random.default_rng(seed)
        history: list[Epoch] = []
        best, best_state = (-1.0, -math.inf), None
        for epoch in range(1, epochs + 1):
            history.append({"epoch": epoch, "loss": self._epoch(train, rates, rng)})
            if not math.isfinite(history[-1]["loss"]):
                raise InputError(
                    f"the training diverged: its loss is {history[-1]['loss']} in epoch {epoch}. "
                    "Use a lower --learning-rate (or --adapt-learning-rate)."
                )
            if validation is not None:
                history[-1] |= self._validate(validation)
                rank = (history[-1]["validation_ua"], -history[-1]["validation_loss"])
                if rank > best:
                    best, best_epoch, best_state = rank, epoch, _state(self.model)
            watch(history[-1], epochs)
            if best_state is not None and epoch - best_epoch >= self.config.patience:
                break
        return Fitted(state=best_state or _state(self.model), history=tuple(history))

    def _epoch(self, train: Selection, rates: Iterator[float], rng: np.random.Generator) -> float:
        """Pass over the training part in new order; returns the mean loss."""
        labels = train.labels
        weights = balanced_weights(labels, len(train.classes))
        losses = []
        for _ in range(_passes(train)):
            order = shuffled(train, rng, size=self.config.batch_size)
            for rows, inputs in batches(train, order, size=self.config.batch_size):
                self.model.optimizer.learning_rate.assign(next(rates))
                loss = self.model.train_on_batch(inputs, labels[rows], sample_weight=weights[rows])
                losses.append(float(loss))
        return float(np.mean(losses))

    def _validate(self, validation: Selection) -> Epoch:
        probabilities, labels = self._predict(validation), validation.labels
        likelihoods = np.maximum(probabilities[np.arange(len(labels)), labels], 1e-7)
        return {
            "validation_ua": scores(labels, probabilities.argmax(axis=1), validation.classes).ua,
            "validation_loss": float(-np.log(likelihoods).mean()),
        }

    def _predict(self, selection: Selection) -> np.ndarray:
        probabilities = np.empty((len(selection), len(selection.classes)), np.float32)
        # Utterances of one length side by side: masks make the order inert, and less is padded.
        order = np.argsort([len(rows) for rows in selection.speech], kind="stable")
        for rows, inputs in batches(selection, order, size=self.config.batch_size):
            probabilities[rows] = self.model.predict_on_batch(inputs)
        return probabilities

    def _restore(self, state: list[np.ndarray]) -> None:
        for variable, value in zip(self.model.variables, state, strict=True):
            variable.assign(value)


def _set_statistics(model: keras.Model, statistics: Mapping[str, Statistics]) -> None:
    for modality, of_modality in statistics.items():
        layer = model.get_layer(f"{modality}_standardize")
        layer.set_statistics(of_modality.mean, of_modality.scale)


def _state(model: keras.Model) -> list[np.ndarray]:
    """All weights, and the states of the random generators."""
    return [keras.ops.convert_to_numpy(variable) for variable in model.variables]


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
