"""Linear classifier on the mean and standard deviation of the features over time."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import numpy as np

from mdat_keras.layers.masked_statistics import MaskedStatistics
from mdat_keras.layers.standardize import Standardize
from mdat_keras.models.build_model import build_model
from mdat_keras.models.classification_head import softmax_layer
from mdat_keras.models.model_config import ModelConfig
from mdat_keras.models.streams import concatenate, each, select, stream_inputs


@dataclass(frozen=True)
class LinearConfig(ModelConfig):
    """Configuration of the linear classifier; all fields are those of `ModelConfig`.

    `speech_layers` has no effect: concatenated encoder layers are used as one wide stream, without
    a `LayerMix` layer.
    """


@build_model.register
def build_linear(config: LinearConfig, speech_dim: int, text_dim: int) -> keras.Model:
    """Build the linear classifier; see `build_model` for the inputs and the output.

        s = [mean speech ; std speech ; mean text ; std text]
        p = softmax(W (s - mean) / scale + b)

    The layers `speech_centre` and `text_centre` subtract the means already from the features. So
    small differences between large features are not lost in float32. `set_linear_weights` sets
    these means; they start as 0. The model computes in float32 under every dtype policy.

    Args:
        config: Configuration of the model.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The untrained model; `set_linear_weights` sets weights that scikit-learn has fitted.
    """
    inputs = stream_inputs(speech_dim, text_dim)
    streams, masks = select(config, inputs)
    standardize = partial(Standardize, dtype="float32")
    if config.standardize:
        streams = each("standardize", standardize, streams)
    streams = each("centre", standardize, streams)
    statistics = each("statistics", partial(MaskedStatistics, dtype="float32"), streams, masks)
    pooled = concatenate("pooled", list(statistics.values()), dtype="float32")
    standardized = standardize(name="pooled_standardize")(pooled)
    return keras.Model(inputs, softmax_layer(standardized, config.classes), name="linear")


def set_linear_weights(
    model: keras.Model, *, mean: Any, scale: Any, weights: Any, bias: Any
) -> None:
    """Set the weights of a linear classifier, usually those that scikit-learn has fitted.

    The F pooled features are the means and then the standard deviations of each stream, speech
    first: F is `2 * (D_s + D_t)` for two streams. With the attributes of scikit-learn's
    `StandardScaler` and `LogisticRegression` the model gives the same probabilities to 1e-6.

    Args:
        model: From `build_linear`.
        mean: Array of shape `(F,)`, subtracted from the pooled features.
        scale: Array of shape `(F,)`, the divisor of the pooled features; 0 is replaced by 1.
        weights: Array of shape `(F, C)`. scikit-learn has one row of coefficients for two classes:
            pass a column of zeros and this row as the second column.
        bias: Array of shape `(C,)`. A very negative number, or `-inf`, gives a class the
            probability 0.

    Raises:
        ValueError: If an array has the wrong shape, or a scale is negative or not a number.

    Example:
    >>> model = build_model(LinearConfig(classes=2, modality="text"), speech_dim=1, text_dim=1)
    >>> set_linear_weights(
    ...     model, mean=[2.0, 0.0], scale=[1.0, 1.0], weights=[[0.0, 1.0], [0.0, 0.0]], bias=[0, 0]
    ... )
    >>> steps, mask = np.full((1, 3, 1), 2.0), np.ones((1, 3), bool)
    >>> inputs = {"speech": steps, "speech_mask": mask, "text": steps, "text_mask": mask}
    >>> keras.ops.convert_to_numpy(model(inputs)).tolist()
    [[0.5, 0.5]]
    """
    arrays = {"mean": mean, "scale": scale, "weights": weights, "bias": bias}
    values = {name: np.array(array, dtype="float64") for name, array in arrays.items()}
    _check_shapes(model, values)
    start = 0
    for centre in _centres(model):
        width = centre.mean.shape[0]
        means = values["mean"][start : start + width]
        centre.set_statistics(means, np.ones(width))
        means -= means.astype("float32")  # the rest stays for `pooled_standardize`
        start += 2 * width
    model.get_layer("pooled_standardize").set_statistics(values["mean"], values["scale"])
    model.get_layer("emotion").set_weights([values["weights"], values["bias"]])


def linear_weights(model: keras.Model) -> dict[str, np.ndarray]:
    """Read the weights of a linear classifier: those that were set, but a scale of 0 is read as 1.

    Args:
        model: From `build_linear`.

    Returns:
        The arguments `mean`, `scale`, `weights` and `bias` of `set_linear_weights`, in float64.
    """
    standardize, emotion = model.get_layer("pooled_standardize"), model.get_layer("emotion")
    mean, scale, weights, bias = (
        np.asarray(array, "float64")
        for array in (*standardize.get_weights(), *emotion.get_weights())
    )
    start = 0
    for centre in _centres(model):
        width = centre.mean.shape[0]
        mean[start : start + width] += keras.ops.convert_to_numpy(centre.mean)
        start += 2 * width
    return {"mean": mean, "scale": scale, "weights": weights, "bias": bias}


def _check_shapes(model: keras.Model, values: dict[str, np.ndarray]) -> None:
    features, classes = model.get_layer("emotion").kernel.shape
    expected = {
        "mean": (features,),
        "scale": (features,),
        "weights": (features, classes),
        "bias": (classes,),
    }
    for name, shape in expected.items():
        if values[name].shape != shape:
            raise ValueError(f"{name} must have the shape {shape}; got {values[name].shape}.")


def _centres(model: keras.Model) -> list[Standardize]:
    """Find the layers that centre the streams, speech first."""
    by_name = {layer.name: layer for layer in model.layers}
    names = ("speech_centre", "text_centre")
    return [by_name[name] for name in names if name in by_name]
