"""Stages of training: which part of a model is trained, with which losses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import singledispatch

import keras
from keras import ops


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage of training.

    Args:
        model: The model to train, from the four inputs of `build_model` to the outputs of the
            losses, by name.
        losses: Losses by the name of the output. The target of each loss is the class number, of
            shape `(B,)`.
        weights: Weights of the losses, by the name of the output.
        predictor: Model from the four inputs to class probabilities `(B, C)`.
        features: Model from the four inputs to `{"speech": (B, T_s, ...), "text": (B, T_t, ...)}`,
            the speech and text inputs of the next stage, with the same masks. None in the last
            stage.
    """

    model: keras.Model
    losses: Mapping[str, keras.losses.Loss]
    weights: Mapping[str, float]
    predictor: keras.Model
    features: keras.Model | None = None


@singledispatch
def stages(config: object, model: keras.Model) -> tuple[Stage, ...]:
    """Give the stages in which a model is trained from new weights, one after the other.

    The stages share their layers with `model`: after the last stage the whole model is trained. No
    stage changes the weights of an earlier one. Most models have one stage.

    Args:
        config: The configuration of `model`; its type decides.
        model: From `build_model`.

    Returns:
        The stages in order.

    Example:
    >>> from mdat_keras import BiLSTMConfig, build_model
    >>> config = BiLSTMConfig(units=4)
    >>> [list(stage.losses) for stage in stages(config, build_model(config, 12, 10))]
    [['emotion']]
    """
    return (single_stage(config, model),)


@singledispatch
def single_stage(config: object, model: keras.Model) -> Stage:
    """Give the stage that trains all trainable weights of a model together, used for fine-tuning.

    A linear classifier beside the network has no part in the loss.

    Args:
        config: The configuration of `model`; its type decides.
        model: From `build_model`.

    Returns:
        A stage that shares its layers with `model`.
    """
    return Stage(
        model=keras.Model(model.input, {"emotion": model.get_layer("emotion").output}),
        losses={"emotion": keras.losses.SparseCategoricalCrossentropy()},
        weights={"emotion": 1.0},
        predictor=model,
    )


def among_classes(stage: Stage) -> Stage:
    """Give a stage for utterances that are judged among some of the classes each.

    The probabilities of an utterance are divided by the sum of those of its classes, before its
    loss. So an utterance of a corpus that has no word for a class says nothing about that class.

    Args:
        stage: From `stages` or `single_stage`.

    Returns:
        A stage that shares its layers with `stage`. Its model has one more input, `classes` of
        shape `(B, C)`: 1 for the classes that an utterance is judged among, and 0 for the others.
    """
    outputs = dict(stage.model.output)
    classified = [
        name
        for name, loss in stage.losses.items()
        if isinstance(loss, keras.losses.SparseCategoricalCrossentropy)
    ]
    among = keras.Input(outputs[classified[0]].shape[1:], name="classes")
    for name in classified:
        own = outputs[name] * among
        total = ops.sum(own, axis=-1, keepdims=True)
        outputs[name] = own / ops.maximum(total, keras.config.epsilon())
    return replace(stage, model=keras.Model({**stage.model.input, "classes": among}, outputs))
