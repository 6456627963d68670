"""MDAT: graph attention, co-attention and transformer encoders over speech and text."""

import keras
from keras import KerasTensor, layers

from mdat_keras.build_model import build_model, stream_inputs
from mdat_keras.co_attention import CoAttention
from mdat_keras.config import MDATConfig
from mdat_keras.graph_attention import GraphAttention
from mdat_keras.layer_mix import LayerMix
from mdat_keras.masked_mean import MaskedMean
from mdat_keras.split_streams import SplitStreams
from mdat_keras.standardize import Standardize
from mdat_keras.transformer_encoder import TransformerEncoder

Streams = tuple[KerasTensor, KerasTensor]


@build_model.register
def build_mdat(config: MDATConfig, speech_dim: int, text_dim: int) -> keras.Model:
    """Build MDAT; see `build_model` for the inputs and the output.

    Args:
        config: Which parts to use, and how.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The model, untrained. `speech_standardize` and `text_standardize` are the layers that take
        the training statistics.
    """
    inputs = stream_inputs(speech_dim, text_dim)
    masks = inputs["speech_mask"], inputs["text_mask"]
    streams = _project(config, _prepare(config, inputs))
    if config.graph_attention:
        streams = _relate(config, streams, masks)
    if config.co_attention:
        units = config.units or streams[0].shape[-1]
        streams = CoAttention(units, config.co_context, config.scale, name="co_attention")(
            *streams, *masks
        )
    if config.transformer:
        streams = _encode(config, streams, masks)
    return keras.Model(inputs, _classify(config, streams, masks), name="mdat")


def _prepare(config: MDATConfig, inputs: dict[str, KerasTensor]) -> Streams:
    """Standardise the features and mix the speech encoder's layers."""
    speech, text = inputs["speech"], inputs["text"]
    if config.standardize:
        speech = Standardize(name="speech_standardize")(speech)
        text = Standardize(name="text_standardize")(text)
    if config.speech_layers > 1:
        speech = LayerMix(config.speech_layers, name="speech_mix")(speech)
    return speech, text


def _project(config: MDATConfig, streams: Streams) -> Streams:
    """Bring both streams to one width: MDAT, equation 1."""
    speech, text = streams
    if config.projection is not None:
        speech = layers.Dense(config.projection, name="speech_projection")(speech)
    return speech, layers.Dense(speech.shape[-1], name="text_projection")(text)


def _relate(config: MDATConfig, streams: Streams, masks: Streams) -> Streams:
    """Let the nodes of one graph, or of one graph for each stream, read each other."""

    def graph(name: str) -> GraphAttention:
        return GraphAttention(
            config.units or streams[0].shape[-1],
            heads=config.graph_heads,
            scores=config.graph_scores,
            residual=config.residual,
            dropout=config.attention_dropout,
            name=name,
        )

    if config.graph_scope == "modality":
        return tuple(
            graph(f"{name}_graph_attention")(stream, mask)
            for name, stream, mask in zip(("speech", "text"), streams, masks, strict=True)
        )
    nodes = layers.Concatenate(axis=1, name="nodes")(streams)
    node_mask = layers.Concatenate(axis=1, name="node_mask")(masks)
    nodes = graph("graph_attention")(nodes, node_mask)
    return SplitStreams(name="streams")(nodes, streams[0])


def _encode(config: MDATConfig, streams: Streams, masks: Streams) -> Streams:
    """Encode each stream with transformer encoders of its own."""
    encoded = []
    for name, stream, mask in zip(("speech", "text"), streams, masks, strict=True):
        for number in range(1, config.encoder_layers + 1):
            stream = TransformerEncoder(
                config.encoder_heads,
                dropout=config.encoder_dropout,
                name=f"{name}_encoder_{number}",
            )(stream, mask)
        encoded.append(stream)
    return tuple(encoded)


def _classify(config: MDATConfig, streams: Streams, masks: Streams) -> KerasTensor:
    """Pool the streams over time and choose among the classes."""
    means = [
        MaskedMean(name=f"{name}_mean")(stream, mask)
        for name, stream, mask in zip(("speech", "text"), streams, masks, strict=True)
    ]
    pooled = layers.Concatenate(name="utterance")(means)
    hidden = layers.Dense(config.head_units, activation="relu", name="hidden")(pooled)
    hidden = layers.Dropout(config.head_dropout, name="hidden_dropout")(hidden)
    return layers.Dense(config.classes, "softmax", dtype="float32", name="emotion")(hidden)
