"""Stages of training: which part of a model is trained, with which losses."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch

import keras


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
    """Give the stage that trains all weights of a model together, used for fine-tuning.

    Args:
        config: The configuration of `model`; its type decides.
        model: From `build_model`.

    Returns:
        A stage that shares its layers with `model`.
    """
    return Stage(
        model=keras.Model(model.input, {"emotion": model.output}),
        losses={"emotion": keras.losses.SparseCategoricalCrossentropy()},
        weights={"emotion": 1.0},
        predictor=model,
    )
