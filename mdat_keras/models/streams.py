"""The streams of a model, by name: speech, text, or one of them."""

from collections.abc import Callable
from functools import partial

import keras
from keras import KerasTensor, layers

from mdat_keras.layers.layer_mix import LayerMix
from mdat_keras.layers.standardize import Standardize
from mdat_keras.models.model_config import ModelConfig

Streams = dict[str, KerasTensor]  # "speech", "text": tensors of (B, T, D), or masks of (B, T)


def stream_inputs(speech_dim: int, text_dim: int) -> dict[str, KerasTensor]:
    """Make the inputs that all models share.

    Args:
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        Symbolic tensors under the names of `build_model`.
    """
    return {
        "speech": keras.Input((None, speech_dim), name="speech", dtype="float32"),
        "speech_mask": keras.Input((None,), name="speech_mask", dtype="bool"),
        "text": keras.Input((None, text_dim), name="text", dtype="float32"),
        "text_mask": keras.Input((None,), name="text_mask", dtype="bool"),
    }


def select(config: ModelConfig, inputs: dict[str, KerasTensor]) -> tuple[Streams, Streams]:
    """Take the streams that a model reads from its inputs, as they are.

    Args:
        config: Its `modality` chooses the streams.
        inputs: From `stream_inputs`.

    Returns:
        The streams and their masks.
    """
    return (
        {name: inputs[name] for name in config.streams},
        {name: inputs[f"{name}_mask"] for name in config.streams},
    )


def standardize(streams: Streams, model: keras.Model | None = None) -> Streams:
    """Standardise each stream by a layer `speech_standardize` or `text_standardize`.

    Args:
        streams: Features of shape `(B, T, D)`.
        model: A model whose layers are used; None makes new ones.

    Returns:
        The streams on a common scale.
    """
    return each("standardize", model.get_layer if model else Standardize, streams)


def front(
    config: ModelConfig, inputs: dict[str, KerasTensor], model: keras.Model | None = None
) -> tuple[Streams, Streams]:
    """Select the streams of a model, standardise them and mix the encoder layers of the speech.

    Args:
        config: Its `modality`, `standardize` and `speech_layers` decide what is done.
        inputs: From `stream_inputs`.
        model: A model whose layers are used; None makes new ones.

    Returns:
        The streams and their masks.
    """
    streams, masks = select(config, inputs)
    if config.standardize:
        streams = standardize(streams, model)
    if config.speech_layers > 1 and "speech" in streams:
        mix = model.get_layer if model else partial(LayerMix, config.speech_layers)
        streams |= each("mix", mix, {"speech": streams["speech"]})
    return streams, masks


def each(name: str, layer: Callable[..., keras.Layer], *arguments: Streams) -> Streams:
    """Send each stream through a layer of its own, called `speech_...` or `text_...`.

    Args:
        name: Last part of the layers' names.
        layer: Makes a layer from `name`.
        *arguments: What the layer is called with, by stream; the first one decides which there are.

    Returns:
        The outputs, by stream.
    """
    return {
        stream: layer(name=f"{stream}_{name}")(*(argument[stream] for argument in arguments))
        for stream in arguments[0]
    }


def join(name: str, tensors: list[KerasTensor], axis: int = -1) -> KerasTensor:
    """Concatenate tensors along an axis, if there is more than one.

    Args:
        name: Of the layer.
        tensors: Alike but for the length of the axis.
        axis: Number of the axis.

    Returns:
        One tensor.
    """
    return tensors[0] if len(tensors) == 1 else layers.Concatenate(axis, name=name)(tensors)
