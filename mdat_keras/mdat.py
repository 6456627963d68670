"""MDAT: graph attention, co-attention and transformer encoders over speech and text."""

from collections.abc import Callable
from functools import partial

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

Pair = tuple[KerasTensor, KerasTensor]  # speech, text


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
    masks = inputs["speech_mask"], inputs["text_mask"]
    streams = _project(config, *_prepare(config, inputs["speech"], inputs["text"]))
    units = config.units or streams[0].shape[-1]
    if config.graph_attention:
        streams = _relate(config, units, streams, masks)
    if config.co_attention:
        layer = CoAttention(units, config.co_context, config.scale, name="co_attention")
        streams = layer(*streams, *masks)
    if config.transformer:
        streams = _encode(config, streams, masks)
    means = _each("mean", MaskedMean, streams, masks)
    return keras.Model(inputs, _classify(config, means), name="mdat")


def _prepare(config: MDATConfig, speech: KerasTensor, text: KerasTensor) -> Pair:
    """Standardise the features and mix the speech encoder's layers."""
    if config.standardize:
        speech = Standardize(name="speech_standardize")(speech)
        text = Standardize(name="text_standardize")(text)
    if config.speech_layers > 1:
        speech = LayerMix(config.speech_layers, name="speech_mix")(speech)
    return speech, text


def _project(config: MDATConfig, speech: KerasTensor, text: KerasTensor) -> Pair:
    """Bring both streams to one width: MDAT, equation 1, a convolution over single steps."""
    if config.projection is not None:
        speech = layers.Dense(config.projection, name="speech_projection")(speech)
    return speech, layers.Dense(speech.shape[-1], name="text_projection")(text)


def _relate(config: MDATConfig, units: int, streams: Pair, masks: Pair) -> Pair:
    """Let the nodes of one graph, or of one graph for each stream, read each other."""
    graph = partial(
        GraphAttention,
        units,
        heads=config.graph_heads,
        scores=config.graph_scores,
        residual=config.residual,
        dropout=config.attention_dropout,
    )
    if config.graph_scope == "modality":
        return _each("graph_attention", graph, streams, masks)
    nodes = layers.Concatenate(axis=1, name="nodes")(streams)
    node_mask = layers.Concatenate(axis=1, name="node_mask")(masks)
    nodes = graph(name="graph_attention")(nodes, node_mask)
    return SplitStreams(name="streams")(nodes, streams[0])


def _encode(config: MDATConfig, streams: Pair, masks: Pair) -> Pair:
    """Encode each stream with transformer encoders of its own."""
    encoder = partial(TransformerEncoder, config.encoder_heads, dropout=config.encoder_dropout)
    for number in range(1, config.encoder_layers + 1):
        streams = _each(f"encoder_{number}", encoder, streams, masks)
    return streams


def _classify(config: MDATConfig, means: Pair) -> KerasTensor:
    """Choose among the classes."""
    utterance = layers.Concatenate(name="utterance")(means)
    hidden = layers.Dense(config.head_units, activation="relu", name="hidden")(utterance)
    hidden = layers.Dropout(config.head_dropout, name="hidden_dropout")(hidden)
    return layers.Dense(config.classes, "softmax", dtype="float32", name="emotion")(hidden)


def _each(name: str, layer: Callable[..., keras.Layer], streams: Pair, masks: Pair) -> Pair:
    """Send each stream through a layer of its own, called `speech_...` or `text_...`."""
    speech = layer(name=f"speech_{name}")(streams[0], masks[0])
    text = layer(name=f"text_{name}")(streams[1], masks[1])
    return speech, text
