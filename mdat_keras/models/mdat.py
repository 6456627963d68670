"""MDAT: graph attention, co-attention and transformer encoders over speech and text."""

from functools import partial

import keras
from keras import layers

from mdat_keras.build_model import build_model
from mdat_keras.classifier import classify
from mdat_keras.co_attention import CoAttention
from mdat_keras.config import MDATConfig
from mdat_keras.graph_attention import GraphAttention
from mdat_keras.masked_mean import MaskedMean
from mdat_keras.split_streams import SplitStreams
from mdat_keras.streams import Streams, each, front, join, stream_inputs
from mdat_keras.transformer_encoder import TransformerEncoder


@build_model.register
def build_mdat(config: MDATConfig, speech_dim: int, text_dim: int) -> keras.Model:
    """Build MDAT; see `build_model` for the inputs and the output.

    Args:
        config: Which parts to use, and how.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The model, untrained. Its layers `speech_standardize` and `text_standardize` take the
        statistics of the training features.
    """
    inputs = stream_inputs(speech_dim, text_dim)
    streams, masks = front(config, inputs)
    streams = _project(config, streams)
    if config.graph_attention:
        streams = _relate(config, streams, masks)
    if config.co_attention and config.modality == "both":
        streams = _co_attend(config, streams, masks)
    if config.transformer:
        streams = _encode(config, streams, masks)
    means = each("mean", MaskedMean, streams, masks)
    probabilities = classify(
        join("utterance", list(means.values())),
        units=config.head_units,
        dropout=config.head_dropout,
        classes=config.classes,
    )
    return keras.Model(inputs, probabilities, name="mdat")


def _project(config: MDATConfig, streams: Streams) -> Streams:
    """Bring both streams to one width: MDAT, equation 1, a convolution over single steps."""
    if config.projection is not None:
        return each("projection", partial(layers.Dense, config.projection), streams)
    if config.modality != "both":
        return streams
    dense = layers.Dense(streams["speech"].shape[-1], name="text_projection")
    return streams | {"text": dense(streams["text"])}


def _relate(config: MDATConfig, streams: Streams, masks: Streams) -> Streams:
    """Let the nodes of one graph, or of one graph for each stream, read each other."""
    graph = partial(
        GraphAttention,
        _units(config, streams),
        heads=config.graph_heads,
        scores=config.graph_scores,
        residual=config.residual,
        dropout=config.attention_dropout,
    )
    if config.graph_scope == "modality" or config.modality != "both":
        return each("graph_attention", graph, streams, masks)
    nodes = join("nodes", list(streams.values()), axis=1)
    node_mask = join("node_mask", list(masks.values()), axis=1)
    nodes = graph(name="graph_attention")(nodes, node_mask)
    speech, text = SplitStreams(name="streams")(nodes, streams["speech"])
    return {"speech": speech, "text": text}


def _co_attend(config: MDATConfig, streams: Streams, masks: Streams) -> Streams:
    """Lay beside each step what it finds in the other stream."""
    units = _units(config, streams)
    layer = CoAttention(units, config.co_context, config.scale, name="co_attention")
    speech, text = layer(*streams.values(), *masks.values())
    return {"speech": speech, "text": text}


def _units(config: MDATConfig, streams: Streams) -> int:
    """Width U; without one of its own that of the nodes, which all streams have."""
    return config.units or next(iter(streams.values())).shape[-1]


def _encode(config: MDATConfig, streams: Streams, masks: Streams) -> Streams:
    """Encode each stream with transformer encoders of its own."""
    encoder = partial(TransformerEncoder, config.encoder_heads, dropout=config.encoder_dropout)
    for number in range(1, config.encoder_layers + 1):
        streams = each(f"encoder_{number}", encoder, streams, masks)
    return streams
