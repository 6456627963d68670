"""Changes of MDAT and its training that causes.py measures, and that the package has not.

Each patches what it changes, until the stack that it is given is closed.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import numpy as np

Batch = tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]
"""Inputs, labels and weights of a batch."""


def averaged_weights(stack: ExitStack) -> None:
    """Average the weights exponentially over the steps, and use the average in the end."""
    import keras

    from mdat_train.classifiers.keras_classifier import KerasClassifier

    optimizer, learn = keras.optimizers.AdamW, KerasClassifier._learn

    def averaging(**options: Any) -> keras.optimizers.Optimizer:
        return optimizer(**options, use_ema=True, ema_momentum=0.98)

    def learn_and_average(self: KerasClassifier, stage: Any, *args: Any, **kwargs: Any) -> Any:
        history = learn(self, stage, *args, **kwargs)
        stage.model.optimizer.finalize_variable_values(stage.model.trainable_variables)
        return history

    stack.enter_context(patch.object(keras.optimizers, "AdamW", averaging))
    stack.enter_context(patch.object(KerasClassifier, "_learn", learn_and_average))


def three_networks(stack: ExitStack) -> None:
    """Train three networks with seeds of their own, and average their probabilities."""
    from mdat_train.classifiers.classifier import Fitted
    from mdat_train.classifiers.keras_classifier import KerasClassifier

    fit, predict = KerasClassifier.fit, KerasClassifier.predict

    def fit_three(self: KerasClassifier, *data: Any, seed: int, **others: Any) -> Fitted:
        seeds = (seed, seed + 1000, seed + 2000)
        return Fitted(state=[fit(self, *data, seed=of, **others) for of in seeds])

    def predict_three(self: KerasClassifier, fitted: Fitted, selection: Any) -> np.ndarray:
        return np.mean([predict(self, of, selection) for of in fitted.state], axis=0)

    stack.enter_context(patch.object(KerasClassifier, "fit", fit_three))
    stack.enter_context(patch.object(KerasClassifier, "predict", predict_three))


def weight_decay(stack: ExitStack) -> None:
    """Decay the weights by 0.1 instead of 1e-4."""
    from mdat_train.classifiers import compiled_models

    stack.enter_context(patch.object(compiled_models, "WEIGHT_DECAY", 0.1))


def no_warm_up(stack: ExitStack) -> None:
    """Begin with the highest learning rate; the cosine stays."""
    from mdat_train.classifiers import learning_rates

    forget = learning_rates.warm_up_and_cosine.cache_clear
    forget()
    stack.callback(forget)
    stack.enter_context(patch.object(learning_rates, "WARM_UP", 0))


def no_class_weights(stack: ExitStack) -> None:
    """Let every utterance count alike in the loss."""
    from mdat_train.classifiers import lesson

    stack.enter_context(patch.object(lesson, "balanced", lambda of: np.ones(len(of), np.float32)))


def label_smoothing(stack: ExitStack) -> None:
    """Give a tenth of the target to all classes."""
    import keras
    from keras import KerasTensor, ops

    class Smoothed(keras.losses.SparseCategoricalCrossentropy):
        def call(self, labels: KerasTensor, probabilities: KerasTensor) -> KerasTensor:
            own = super().call(labels, probabilities)
            logs = ops.log(ops.maximum(probabilities, keras.config.epsilon()))
            return 0.9 * own - 0.1 * ops.mean(logs, axis=-1)

    stack.enter_context(patch.object(keras.losses, "SparseCategoricalCrossentropy", Smoothed))


def input_dropout(stack: ExitStack) -> None:
    """Drop a fifth of the standardised features."""
    from keras import layers

    from mdat_keras.models import mdat
    from mdat_keras.models.streams import each

    prepare = mdat.prepare

    def dropped(*args: Any) -> Any:
        streams, masks = prepare(*args)
        return each("dropped", lambda name: layers.Dropout(0.2, name=name), streams), masks

    stack.enter_context(patch.object(mdat, "prepare", dropped))


def attentive_pooling(stack: ExitStack) -> None:
    """Pool by a learned weighted mean of the steps."""
    from mdat_keras import AttentivePooling
    from mdat_keras.models.mdat import POOLINGS

    stack.enter_context(patch.dict(POOLINGS, mean=AttentivePooling))


def pooled_inputs(stack: ExitStack) -> None:
    """Put mean and deviation of the inputs beside the pooled streams, before the head."""
    from mdat_keras import MaskedStatistics
    from mdat_keras.models import mdat
    from mdat_keras.models.streams import concatenate, each

    prepare, head = mdat.prepare, mdat.classification_head
    prepared = []

    def noted(*args: Any) -> Any:
        prepared.append(prepare(*args))
        return prepared[-1]

    def of_both(utterance: Any, **options: Any) -> Any:
        statistics = each("input_statistics", MaskedStatistics, *prepared[-1])
        return head(concatenate("with_inputs", [utterance, *statistics.values()]), **options)

    stack.enter_context(patch.object(mdat, "prepare", noted))
    stack.enter_context(patch.object(mdat, "classification_head", of_both))


def time_masking(stack: ExitStack) -> None:
    """Mask a span of the speech of each utterance, at most two fifths of it."""

    def masked(rng: np.random.Generator, batch: Batch) -> Batch:
        inputs, labels, weights = batch
        mask = inputs["speech_mask"].copy()
        for row in mask:
            length = int(row.sum())
            width = int(rng.uniform(0, 0.4) * length)
            start = rng.integers(0, length - width + 1)
            row[start : start + width] = False
        return inputs | {"speech_mask": mask}, labels, weights

    _change_batches(stack, masked)


def mixup(stack: ExitStack) -> None:
    """Train on mixtures of two utterances, which have the labels of both (Zhang et al., 2018)."""

    def mixed(rng: np.random.Generator, batch: Batch) -> Batch:
        inputs, labels, weights = batch
        share, order = rng.beta(0.4, 0.4), rng.permutation(len(labels))
        of_both = {}
        for stream in ("speech", "text"):
            mask = inputs[f"{stream}_mask"]
            steps = np.where(mask[..., None], inputs[stream], 0)
            of_both[stream] = share * steps + (1 - share) * steps[order]
            of_both[f"{stream}_mask"] = mask | mask[order]
        return (
            {name: np.concatenate([array, array]) for name, array in of_both.items()},
            np.concatenate([labels, labels[order]]),
            np.concatenate([share * weights, (1 - share) * weights[order]]).astype(np.float32),
        )

    _change_batches(stack, mixed)


def _change_batches(
    stack: ExitStack, change: Callable[[np.random.Generator, Batch], Batch]
) -> None:
    """Change every batch of the training."""
    from mdat_train.classifiers import keras_classifier

    train, rng = keras_classifier.train_on_batch, np.random.default_rng(0)

    def train_changed(stage: Any, *batch: Any) -> float:
        return train(stage, *change(rng, batch))

    stack.enter_context(patch.object(keras_classifier, "train_on_batch", train_changed))
