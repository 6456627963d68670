"""MDAT: graph attention, co-attention and transformer encoders over speech and text."""

from dataclasses import dataclass
from functools import partial

import keras
from keras import layers

from mdat_keras import checks
from mdat_keras.layers.co_attention import CONTEXTS, CoAttention
from mdat_keras.layers.graph_attention import SCORES, GraphAttention
from mdat_keras.layers.masked_mean import MaskedMean
from mdat_keras.layers.split_streams import SplitStreams
from mdat_keras.layers.transformer_encoder import TransformerEncoder
from mdat_keras.models.build_model import build_model
from mdat_keras.models.classifier import classify
from mdat_keras.models.model_config import ModelConfig
from mdat_keras.models.streams import Streams, each, front, join, stream_inputs

SCOPES = ("joint", "modality")


@dataclass(frozen=True)
class MDATConfig(ModelConfig):
    """What MDAT is built from; an ablation is `dataclasses.replace` of a preset.

    The fields that all models share are those of `ModelConfig`. One stream alone has no
    co-attention: there is nothing to attend to.

    Args:
        projection: Width to which both streams are projected. None leaves the speech as it is and
            projects the text to its width, as the paper does; text alone then stays as it is.
        units: Width U of graph attention and co-attention. None is the width of the nodes.
        graph_attention: Use graph attention.
        co_attention: Use co-attention.
        transformer: Use transformer encoders.
        graph_heads: Heads of the graph attention.
        graph_scores: `"pairwise"` or `"broadcast"`, see `GraphAttention`.
        graph_scope: `"joint"` makes one graph of both streams, `"modality"` one of each with
            weights of its own.
        residual: Add the nodes to what the graph attention makes of them.
        co_context: `"cross"` or `"own"`, see `CoAttention`.
        scale: Divide the scores of the co-attention by the square root of their width.
        attention_dropout: Share of the graph attention's weights dropped in training.
        encoder_heads: Heads of each transformer encoder.
        encoder_layers: Transformer encoders in a row.
        encoder_dropout: Dropout inside the transformer encoders.
        head_units: Width of the hidden layer before the classes.
        head_dropout: Dropout before the classes.

    Raises:
        ValueError: If a value cannot be used; valid ones are named.

    Example:
    >>> from dataclasses import replace
    >>> replace(PRESETS["base"], co_attention=False).co_attention
    False
    """

    projection: int | None = 256
    units: int | None = None
    graph_attention: bool = True
    co_attention: bool = True
    transformer: bool = True
    graph_heads: int = 1
    graph_scores: str = "pairwise"
    graph_scope: str = "joint"
    residual: bool = True
    co_context: str = "cross"
    scale: bool = True
    attention_dropout: float = 0.1
    encoder_heads: int = 8
    encoder_layers: int = 1
    encoder_dropout: float = 0.1
    head_units: int = 256
    head_dropout: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("graph_heads", "encoder_heads", "encoder_layers", "head_units"):
            checks.at_least(name, getattr(self, name), 1)
        for name in ("projection", "units"):
            if getattr(self, name) is not None:
                checks.at_least(name, getattr(self, name), 1)
        for name in ("attention_dropout", "encoder_dropout", "head_dropout"):
            checks.rate(name, getattr(self, name))
        checks.one_of("graph_scores", self.graph_scores, SCORES)
        checks.one_of("graph_scope", self.graph_scope, SCOPES)
        checks.one_of("co_context", self.co_context, CONTEXTS)


# "paper": the printed equations wherever they are consistent. Residual and scale go together: with
# the residual the nodes stay apart, and unscaled scores of such nodes make a softmax of 0 and 1.
PRESETS: dict[str, MDATConfig] = {
    "base": MDATConfig(),
    "paper": MDATConfig(
        projection=None, residual=False, scale=False, attention_dropout=0.0, standardize=False
    ),
}


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
