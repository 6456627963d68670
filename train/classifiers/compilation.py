"""Keras models, ready to be trained and asked."""

from functools import lru_cache
from typing import Any

import keras
import numpy as np

from mdat_data.batches import Inputs
from mdat_data.cache import MODALITIES
from mdat_keras import Stage, build_model, stages, whole

WEIGHT_DECAY = 1e-4
CLIP_NORM = 1.0


class Parts:
    """A model with the stages that it is trained in.

    Args:
        config: What to build, as `build_model` takes it.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Attributes:
        model: The model.
        stages: Trained one after the other, from new weights.
        whole: Trained at once, from trained weights.
    """

    def __init__(self, config: Any, speech_dim: int, text_dim: int) -> None:
        self.model = build_model(config, speech_dim, text_dim)
        self.stages = stages(config, self.model)
        # One stage is traced once for both.
        self.whole = self.stages[0] if len(self.stages) == 1 else whole(config, self.model)
        trained = [stage.model for stage in (*self.stages, self.whole)]
        of_all = [v for model in (self.model, *trained) for v in model.variables]
        self._variables = list({id(variable): variable for variable in of_all}.values())

    @property
    def state(self) -> list[np.ndarray]:
        """All weights, those that only training needs too, and the states of the random generators.

        Models of the same configuration have theirs in the same order.
        """
        return [keras.ops.convert_to_numpy(variable) for variable in self._variables]

    def restore(self, state: list[np.ndarray]) -> None:
        """Go back to a `state`, of this model or another of the same configuration."""
        for variable, value in zip(self._variables, state, strict=True):
            variable.assign(value)


@lru_cache(maxsize=2)
def compiled(config: Any, speech_dim: int, text_dim: int) -> Parts:
    """Build a model and compile its stages; kept, because tracing them takes seconds.

    Args:
        config: What to build, as `build_model` takes it.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The parts, with weights that mean nothing.
    """
    parts = Parts(config, speech_dim, text_dim)
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


def train_on_batch(stage: Stage, inputs: Inputs, labels: np.ndarray, weights: np.ndarray) -> float:
    """Train a stage with one batch.

    Args:
        stage: Compiled.
        inputs: As `batches` makes them.
        labels: (B,) numbers of classes.
        weights: (B,) of the utterances in the loss.

    Returns:
        The loss.
    """
    logs = stage.model.train_on_batch(
        inputs,
        dict.fromkeys(stage.losses, labels),
        sample_weight=dict.fromkeys(stage.losses, weights),
        return_dict=True,
    )
    return float(logs["loss"])


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
        train_on_batch(stage, inputs, np.zeros(size, np.int32), np.ones(size, np.float32))
        for asked in (stage.predictor, stage.features):
            if asked is not None:
                asked.predict_on_batch(inputs)
