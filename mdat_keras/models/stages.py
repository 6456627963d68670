"""How a model is trained: what at one time, and by which losses."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch

import keras


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What is trained at one time, and by which losses.

    Args:
        model: From the four inputs of `build_model` to outputs by name, which the losses read.
        losses: By the name of the output; every label is the class number, of shape `(B,)`.
        weights: Of the losses, by the name of the output.
        predictor: From the four inputs to class probabilities `(B, C)`.
        features: From the four inputs to `{"speech": (B, T_s, ...), "text": (B, T_t, ...)}`, which
            the next stage takes as its speech and text, real steps in the same places. None in the
            last stage.
    """

    model: keras.Model
    losses: Mapping[str, keras.losses.Loss]
    weights: Mapping[str, float]
    predictor: keras.Model
    features: keras.Model | None = None


@singledispatch
def stages(config: object, model: keras.Model) -> tuple[Stage, ...]:
    """Say how a model is trained from new weights: one stage after the other.

    The stages share their layers with `model`: after the last one, all of it is trained. What a
    stage trains, no later one changes.

    Args:
        config: What `model` was built from; its type decides.
        model: From `build_model`.

    Returns:
        The stages in their order; most models have one.

    Example:
    >>> from mdat_keras import BiLSTMConfig, build_model
    >>> config = BiLSTMConfig(units=4)
    >>> [list(stage.losses) for stage in stages(config, build_model(config, 12, 10))]
    [['emotion']]
    """
    return (whole(config, model),)


@singledispatch
def whole(config: object, model: keras.Model) -> Stage:
    """Say how all of a model is trained at once, as it is when trained weights are adapted.

    Args:
        config: What `model` was built from; its type decides.
        model: From `build_model`.

    Returns:
        One stage, which shares its layers with `model`.
    """
    return Stage(
        model=keras.Model(model.input, {"emotion": model.output}),
        losses={"emotion": keras.losses.SparseCategoricalCrossentropy()},
        weights={"emotion": 1.0},
        predictor=model,
    )
