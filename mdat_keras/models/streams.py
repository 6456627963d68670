"""Parts of models that handle the streams speech and text by name."""

from collections.abc import Callable
from functools import partial

import keras
from keras import KerasTensor, layers

from mdat_keras.layers.layer_mix import LayerMix
from mdat_keras.layers.standardize import Standardize
from mdat_keras.models.model_config import ModelConfig

Streams = dict[str, KerasTensor]
"""Tensors by the name of the stream, "speech" or "text": features (B, T, D) or masks (B, T)."""


def stream_inputs(speech_dim: int, text_dim: int) -> dict[str, KerasTensor]:
    """Make the inputs of a model.

    Args:
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The four symbolic inputs of `build_model`, by name.
    """
    return {
        "speech": keras.Input((None, speech_dim), name="speech", dtype="float32"),
        "speech_mask": keras.Input((None,), name="speech_mask", dtype="bool"),
        "text": keras.Input((None, text_dim), name="text", dtype="float32"),
        "text_mask": keras.Input((None,), name="text_mask", dtype="bool"),
    }


def select(config: ModelConfig, inputs: dict[str, KerasTensor]) -> tuple[Streams, Streams]:
    """Select the streams that a model uses.

    Args:
        config: Configuration; `modality` chooses the streams.
        inputs: From `stream_inputs`.

    Returns:
        The features of the streams, and their masks.
    """
    return (
        {name: inputs[name] for name in config.streams},
        {name: inputs[f"{name}_mask"] for name in config.streams},
    )


def standardize(streams: Streams, model: keras.Model | None = None) -> Streams:
    """Standardise each stream with its layer `speech_standardize` or `text_standardize`.

    Args:
        streams: Features of shape `(B, T, D)`.
        model: A model whose layers are used again; None makes new layers.

    Returns:
        The standardised streams.
    """
    return each("standardize", model.get_layer if model else Standardize, streams)


def prepare(
    config: ModelConfig, inputs: dict[str, KerasTensor], model: keras.Model | None = None
) -> tuple[Streams, Streams]:
    """Select the streams, standardise them and sum the encoder layers of the speech.

    Args:
        config: Configuration; `modality`, `standardize` and `speech_layers` are used.
        inputs: From `stream_inputs`.
        model: A model whose layers are used again; None makes new layers.

    Returns:
        The prepared streams, and their masks.
    """
    streams, masks = select(config, inputs)
    if config.standardize:
        streams = standardize(streams, model)
    if config.speech_layers > 1 and "speech" in streams:
        mix = model.get_layer if model else partial(LayerMix, config.speech_layers)
        streams |= each("mix", mix, {"speech": streams["speech"]})
    return streams, masks


def each(name: str, make: Callable[..., keras.Layer], *arguments: Streams) -> Streams:
    """Apply a layer of its own to each stream.

    Args:
        name: Last part of the names of the layers: `speech_<name>` and `text_<name>`.
        make: Function that makes a layer, or finds one, by its argument `name`.
        *arguments: Positional arguments of the layers by stream; the first one decides which
            streams there are.

    Returns:
        The outputs by stream.
    """
    return {
        stream: make(name=f"{stream}_{name}")(*(argument[stream] for argument in arguments))
        for stream in arguments[0]
    }


def concatenate(
    name: str, tensors: list[KerasTensor], axis: int = -1, dtype: str | None = None
) -> KerasTensor:
    """Concatenate tensors; a single tensor is returned as it is.

    Args:
        name: Name of the layer.
        tensors: Tensors whose shapes differ along `axis` only.
        axis: Axis of the concatenation.
        dtype: Of the layer; None follows the dtype policy.

    Returns:
        One tensor.
    """
    if len(tensors) == 1:
        return tensors[0]
    return layers.Concatenate(axis, dtype=dtype, name=name)(tensors)
