"""Builds and compiles Keras models."""

from functools import lru_cache
from typing import Any

import keras
import numpy as np

from mdat_data.batches import Inputs
from mdat_data.cache import MODALITIES
from mdat_keras import Stage, build_model, single_stage, stages

WEIGHT_DECAY = 1e-4
CLIP_NORM = 1.0
KEPT = 2
"""Compiled models that are kept; tracing one takes seconds."""


class TrainableModel:
    """A model with the stages in which it is trained.

    Args:
        config: The model's configuration, as `build_model` takes it.
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
        # A model with one stage is traced once for both.
        self.whole = self.stages[0] if len(self.stages) == 1 else single_stage(config, self.model)
        trained = [stage.model for stage in (*self.stages, self.whole)]
        of_all = [v for model in (self.model, *trained) for v in model.variables]
        self._variables = list({id(variable): variable for variable in of_all}.values())

    @property
    def state(self) -> list[np.ndarray]:
        """All weights, those that only training needs, and the states of the random generators.

        Models of the same configuration have them in the same order.
        """
        return [keras.ops.convert_to_numpy(variable) for variable in self._variables]

    def restore(self, state: list[np.ndarray]) -> None:
        """Go back to a `state` of this model, or of another one of the same configuration."""
        for variable, value in zip(self._variables, state, strict=True):
            variable.assign(value)


class CompiledModels:
    """Compiled models, kept for the next training of the same configuration.

    A kept model is shared: whoever trains it overwrites its weights. So every use starts with
    `TrainableModel.restore`, and one owner of this object trains one model at a time.
    """

    def __init__(self) -> None:
        self.get = lru_cache(maxsize=KEPT)(compile_model)


def compile_model(config: Any, speech_dim: int, text_dim: int) -> TrainableModel:
    """Build a model and compile its stages.

    Args:
        config: The model's configuration, as `build_model` takes it.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The model, with weights that mean nothing.
    """
    trainable = TrainableModel(config, speech_dim, text_dim)
    for stage in (*trainable.stages, trainable.whole):
        # XLA compiles again for each shape of a batch, which costs more than it gains.
        stage.model.compile(
            keras.optimizers.AdamW(weight_decay=WEIGHT_DECAY, global_clipnorm=CLIP_NORM),
            dict(stage.losses),
            loss_weights=dict(stage.weights),
            jit_compile=False,
        )
        stage.model.optimizer.build(stage.model.trainable_variables)
        _trace(stage)
    return trainable


def train_on_batch(stage: Stage, inputs: Inputs, labels: np.ndarray, weights: np.ndarray) -> float:
    """Train a stage with one batch.

    Args:
        stage: A compiled stage.
        inputs: As `batches` makes them.
        labels: Class numbers, (B,).
        weights: Weights of the utterances in the loss, (B,).

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
    """Make TensorFlow trace training and prediction for batches of any shape, and only once.

    It traces for the first shape, and for any shape when a second one comes. Otherwise the shapes
    that it traced, and so the last digits of every result, would depend on earlier trainings. No
    real batch has these shapes.
    """
    for size in (1, 2):
        inputs: Inputs = {}
        for name, steps in zip(MODALITIES, (2 * size + 1, size + 4), strict=True):
            width = stage.model.input[name].shape[-1]
            inputs[name] = np.zeros((size, steps, width), np.float32)
            inputs[f"{name}_mask"] = np.ones((size, steps), bool)
        train_on_batch(stage, inputs, np.zeros(size, np.int32), np.ones(size, np.float32))
        for predictor in (stage.predictor, stage.features):
            if predictor is not None:
                predictor.predict_on_batch(inputs)
