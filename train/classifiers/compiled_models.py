"""Builds and compiles Keras models."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

import keras
import numpy as np

from mdat_data.batches import Inputs
from mdat_keras import Stage, among_classes, build_model, single_stage, stages
from mdat_train.inputs.scaling import Statistics

WEIGHT_DECAY = 1e-4
CLIP_NORM = 1.0
KEPT = 2
"""Compiled models that are kept; tracing one takes seconds."""

POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}
"""Precision -> Keras' policy for the types of a layer. Weights are float32 under both."""


class TrainableModel:
    """A model with the stages in which it is trained.

    Args:
        config: The model's configuration, as `build_model` takes it.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.
        precision: Of the multiplications, a key of `POLICIES`.

    Attributes:
        model: The model.
        stages: Trained one after the other, from new weights.
        whole: Trained at once, from trained weights.
        initial_state: Gives the state that a training starts from, by its seed. It is kept, because
            building a model takes a second and all folds of a seed start alike.
    """

    def __init__(
        self, config: Any, speech_dim: int, text_dim: int, precision: str = "float32"
    ) -> None:
        with _policy(POLICIES[precision]):
            self.model = build_model(config, speech_dim, text_dim)
            self.stages = stages(config, self.model)
            first, *others = self.stages
            # A model with one stage is traced once for both.
            self.whole = single_stage(config, self.model) if others else first
        trained = [stage.model for stage in (*self.stages, self.whole)]
        of_all = [v for model in (self.model, *trained) for v in model.variables]
        self._among_classes: dict[int, Stage] = {}
        self._variables = list({id(variable): variable for variable in of_all}.values())
        self.initial_state = lru_cache(maxsize=KEPT)(
            partial(_initial_state, config, speech_dim, text_dim, precision)
        )

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

    def among_classes(self, stage: Stage) -> Stage:
        """The same stage for utterances that are judged among some of the classes each."""
        if id(stage) not in self._among_classes:
            self._among_classes[id(stage)] = among_classes(stage)
        return self._among_classes[id(stage)]

    def compile(self, stage: Stage) -> None:
        """Compile a stage before its first training, which takes seconds; the state stays as it is.

        Args:
            stage: One of `stages`, or `whole`; or what `among_classes` makes of it.
        """
        if stage.model.compiled:
            return
        state = self.state
        # XLA compiles again for each shape of a batch, which costs more than it gains.
        stage.model.compile(
            keras.optimizers.AdamW(weight_decay=WEIGHT_DECAY, global_clipnorm=CLIP_NORM),
            dict(stage.losses),
            loss_weights=dict(stage.weights),
            jit_compile=False,
        )
        stage.model.optimizer.build(stage.model.trainable_variables)
        _make_metrics(stage.model)
        _trace_training(stage)
        self.restore(state)


def _initial_state(
    config: Any, speech_dim: int, text_dim: int, precision: str, seed: int
) -> list[np.ndarray]:
    """The state of a model that is built with a seed."""
    keras.utils.set_random_seed(seed)
    return TrainableModel(config, speech_dim, text_dim, precision).state


@contextmanager
def _policy(name: str) -> Iterator[None]:
    """Build layers under a policy; Keras keeps it for the whole process."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


class CompiledModels:
    """Models, kept with what was compiled of them for the next training of the same configuration.

    A kept model is shared: whoever trains it overwrites its weights. So every use starts with
    `TrainableModel.restore`, and one owner of this object trains one model at a time.
    """

    def __init__(self) -> None:
        self.get = lru_cache(maxsize=KEPT)(TrainableModel)


def set_statistics(model: keras.Model, statistics: Mapping[str, Statistics]) -> None:
    """Set the statistics that standardise the streams, in a model that has such layers.

    Args:
        model: Any model of `build_model`.
        statistics: Of the features of each stream, by its name.
    """
    for layer in model.layers:
        for modality, of_modality in statistics.items():
            if layer.name == f"{modality}_standardize":
                layer.set_statistics(of_modality.mean, of_modality.scale)


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


def copies(variables: Sequence[Any]) -> list[Any]:
    """The values of variables, as tensors that stay as they are."""
    return [keras.ops.copy(variable.value) for variable in variables]


def pull_back(variables: Sequence[Any], anchors: Sequence[Any], *, part: float) -> None:
    """Move variables a part of the way back to their anchors.

    It is apart from the gradient, as AdamW's decay of weights is, so that it pulls every weight
    alike.

    Args:
        variables: Of a model.
        anchors: Of each variable, the value that it is pulled to.
        part: 0 stays, 1 or more goes all the way.
    """
    for variable, anchor in zip(variables, anchors, strict=True):
        variable.assign(variable + min(part, 1.0) * (anchor - variable))


def predict_on_batch(predictor: keras.Model, inputs: Inputs) -> Any:
    """Apply a predictor, or the features of a stage, to one batch.

    Args:
        predictor: A model from the four inputs.
        inputs: As `batches` makes them.

    Returns:
        Its output, as NumPy arrays.
    """
    if predictor.predict_function is None:
        _trace_prediction(predictor)
    return predictor.predict_on_batch(inputs)


# Without the following, TensorFlow traces for the shape of the first batch, and for any shape when
# another one follows: that takes twice as long, and the last digits of every result depend on
# earlier batches. Other backends compile for each shape.


def _make_metrics(model: keras.Model) -> None:
    """Make the metrics of the losses, which Keras would make while a step of training is traced.

    TensorFlow traces a function a second time if it makes variables.
    """
    outputs = {n: np.ones((1, *out.shape[1:]), np.float32) for n, out in model.output.items()}
    model.compute_loss(y=dict.fromkeys(outputs, np.zeros(1, np.int32)), y_pred=outputs)
    model.reset_metrics()


def _trace_training(stage: Stage) -> None:
    """Make TensorFlow trace the training of a stage for batches of any shape."""
    if keras.backend.backend() != "tensorflow":
        return
    import tensorflow as tf

    labels = dict.fromkeys(stage.losses, tf.TensorSpec((None,), tf.int32))
    weights = dict.fromkeys(stage.losses, tf.TensorSpec((None,), tf.float32))
    stage.model.make_train_function()
    # Within a function that is never called, a step of training is traced, but not taken.
    step = tf.function(lambda *batch: stage.model.train_function([batch]), autograph=False)
    step.get_concrete_function(_signature(stage.model), labels, weights)


def _trace_prediction(predictor: keras.Model) -> None:
    """Make TensorFlow trace a predictor for batches of any shape."""
    if keras.backend.backend() == "tensorflow":
        predictor.make_predict_function()
        predictor.predict_function.get_concrete_function([(_signature(predictor),)])


def _signature(model: keras.Model) -> dict[str, Any]:
    """The inputs of a model, with every size open that may change from batch to batch."""
    import tensorflow as tf

    return {name: tf.TensorSpec(t.shape, t.dtype) for name, t in model.input.items()}
