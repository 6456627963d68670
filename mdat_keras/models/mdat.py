"""MDAT: graph attention, co-attention and transformer encoders over speech and text."""

from dataclasses import dataclass
from functools import partial

import keras
from keras import layers, ops

from mdat_keras import checks
from mdat_keras.layers.co_attention import CONTEXTS, CoAttention
from mdat_keras.layers.graph_attention import SCORES, GraphAttention
from mdat_keras.layers.masked_mean import MaskedMean
from mdat_keras.layers.masked_statistics import MaskedStatistics
from mdat_keras.layers.split_streams import SplitStreams
from mdat_keras.layers.transformer_encoder import TransformerEncoder
from mdat_keras.models.build_model import build_model
from mdat_keras.models.classification_head import classification_head, geometric_mean
from mdat_keras.models.linear import LinearConfig, build_linear
from mdat_keras.models.model_config import ModelConfig
from mdat_keras.models.streams import Streams, concatenate, each, prepare, stream_inputs

SCOPES = ("joint", "modality")
POOLINGS = {"mean": MaskedMean, "statistics": MaskedStatistics}


@dataclass(frozen=True)
class MDATConfig(ModelConfig):
    """Configuration of MDAT; an ablation is a `dataclasses.replace` of a preset.

    The other fields are those of `ModelConfig`. A model of one stream has no co-attention.

    Args:
        projection: Width to which both streams are projected. None projects only the text, to the
            width of the speech, as in the paper; a model of the text alone then has no projection.
        units: Width U of graph attention and co-attention. None is the width of the projected
            streams.
        graph_attention: Whether to use graph attention.
        co_attention: Whether to use co-attention.
        transformer: Whether to use transformer encoders.
        graph_heads: Number of heads of the graph attention; it must divide its width.
        graph_scores: `"pairwise"` or `"broadcast"`, see `GraphAttention`.
        graph_scope: `"joint"`: one graph of the nodes of both streams. `"modality"`: one graph for
            each stream, each with weights of its own.
        residual: Whether to add the input of the graph attention to its output.
        co_context: `"cross"` or `"own"`, see `CoAttention`.
        scale: Whether to divide the scores of the co-attention by the square root of their width.
        attention_dropout: Fraction of the graph attention weights dropped in training.
        encoder_heads: Number of heads of each transformer encoder; it must divide the width of its
            input.
        encoder_layers: Number of transformer encoders of each stream, one after the other.
        encoder_dropout: Dropout rate of the transformer encoders.
        pooling: `"mean"` over the steps of each stream, or `"statistics"`: mean and standard
            deviation.
        head_units: Width of the hidden layer of the classification head.
        head_dropout: Fraction of the hidden units of the head dropped in training.
        linear: Weight of a linear classifier in the result, between 0 and 1; 0 has none. The
            probabilities are the weighted geometric mean of those of the network and of the linear
            classifier, divided by their sum.

    Raises:
        ValueError: If a value is not valid; the error names the field and the valid values.

    Example:
    >>> from dataclasses import replace
    >>> replace(PRESETS["base"], co_attention=False).co_attention
    False
    """

    projection: int | None = 64
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
    pooling: str = "mean"
    head_units: int = 256
    head_dropout: float = 0.5
    linear: float = 0.75

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("graph_heads", "encoder_heads", "encoder_layers", "head_units"):
            checks.at_least(name, getattr(self, name), 1)
        for name in ("projection", "units"):
            if getattr(self, name) is not None:
                checks.at_least(name, getattr(self, name), 1)
        for name in ("attention_dropout", "encoder_dropout", "head_dropout", "linear"):
            checks.rate(name, getattr(self, name))
        checks.one_of("graph_scores", self.graph_scores, SCORES)
        checks.one_of("graph_scope", self.graph_scope, SCOPES)
        checks.one_of("co_context", self.co_context, CONTEXTS)
        checks.one_of("pooling", self.pooling, tuple(POOLINGS))
        if self.projection is not None:
            self._check_widths(self.projection)

    def _check_widths(self, width: int) -> None:
        """Check the number of heads against the widths, which are known with a projection."""
        if self.graph_attention:
            units = self.units or width
            checks.divides(
                "graph_heads", self.graph_heads, "the width of the graph attention", units
            )
            if self.residual and units != width:
                raise ValueError(
                    f"units must be None or the projection, {width}, with residual=True; got "
                    f"{units}. Use residual=False, or change projection too."
                )
            width = units
        if self.co_attention and self.modality == "both":
            width *= 2
        if self.transformer:
            checks.divides(
                "encoder_heads", self.encoder_heads, "the width of the encoder input", width
            )


# "base" is narrow: as good as "wide" on a few hundred utterances, in a fifth of the time. The
# linear classifier beside its network makes it better (benchmarks/README.md).
# "paper" follows the printed equations wherever they are consistent. It has neither residual nor
# scale: with the residual the nodes keep their differences, and without the scale the softmax of
# the co-attention is then close to 0 and 1.
PRESETS: dict[str, MDATConfig] = {
    "base": MDATConfig(),
    "wide": MDATConfig(projection=256, linear=0.0),
    "paper": MDATConfig(
        projection=None,
        residual=False,
        scale=False,
        attention_dropout=0.0,
        standardize=False,
        linear=0.0,
    ),
}


@build_model.register
def build_mdat(config: MDATConfig, speech_dim: int, text_dim: int) -> keras.Model:
    """Build MDAT; see `build_model` for the inputs and the output.

    With `linear` the layer `linear` is a model of `build_linear`, which reads the inputs as they
    are. It is not trained with the network: `set_linear_weights` sets its weights. Until then all
    classes are equal to it, so that the network decides.

    Args:
        config: Configuration of the model.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The untrained model.
    """
    inputs = stream_inputs(speech_dim, text_dim)
    streams, masks = prepare(config, inputs)
    streams = _project(config, streams)
    if config.graph_attention:
        streams = _attend_in_graph(config, streams, masks)
    if config.co_attention and config.modality == "both":
        streams = _co_attend(config, streams, masks)
    if config.transformer:
        streams = _encode(config, streams, masks)
    pooled = each(config.pooling, POOLINGS[config.pooling], streams, masks)
    probabilities = classification_head(
        concatenate("utterance", list(pooled.values())),
        units=config.head_units,
        dropout=config.head_dropout,
        classes=config.classes,
    )
    if config.linear:
        linear = _linear(config, speech_dim, text_dim)
        read = {name: inputs[name] for name in linear.input}
        probabilities = geometric_mean(probabilities, linear(read), weight=config.linear)
    return keras.Model(inputs, probabilities, name="mdat")


def _linear(config: MDATConfig, speech_dim: int, text_dim: int) -> keras.Model:
    """The linear classifier, with inputs for the streams that it uses alone."""
    kept = {name: getattr(config, name) for name in ("classes", "standardize", "modality")}
    model = build_linear(LinearConfig(**kept), speech_dim, text_dim)
    read = [name for stream in config.streams for name in (stream, f"{stream}_mask")]
    kernel = model.get_layer("emotion").kernel
    kernel.assign(ops.zeros_like(kernel))
    # Of one stream: `with_attention` passes no other inputs.
    model = keras.Model({name: model.input[name] for name in read}, model.output, name="linear")
    model.trainable = False
    return model


def _project(config: MDATConfig, streams: Streams) -> Streams:
    """Project the streams to one width (MDAT, equation 1): a convolution of kernel size 1."""
    if config.projection is not None:
        return each("projection", partial(layers.Dense, config.projection), streams)
    if config.modality != "both":
        return streams
    dense = layers.Dense(streams["speech"].shape[-1], name="text_projection")
    return streams | {"text": dense(streams["text"])}


def _attend_in_graph(config: MDATConfig, streams: Streams, masks: Streams) -> Streams:
    """Apply graph attention to one joint graph, or to one graph for each stream."""
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
    nodes = concatenate("nodes", list(streams.values()), axis=1)
    node_mask = concatenate("node_mask", list(masks.values()), axis=1)
    nodes = graph(name="graph_attention")(nodes, node_mask)
    speech, text = SplitStreams(name="streams")(nodes, streams["speech"])
    return {"speech": speech, "text": text}


def _co_attend(config: MDATConfig, streams: Streams, masks: Streams) -> Streams:
    """Concatenate each step with its context from the other stream."""
    units = _units(config, streams)
    layer = CoAttention(units, config.co_context, config.scale, name="co_attention")
    speech, text = layer(*streams.values(), *masks.values())
    return {"speech": speech, "text": text}


def _units(config: MDATConfig, streams: Streams) -> int:
    """Give the width U; by default it is the width of the streams."""
    return config.units or next(iter(streams.values())).shape[-1]


def _encode(config: MDATConfig, streams: Streams, masks: Streams) -> Streams:
    """Apply transformer encoders to each stream; no weights are shared."""
    encoder = partial(TransformerEncoder, config.encoder_heads, dropout=config.encoder_dropout)
    for number in range(1, config.encoder_layers + 1):
        streams = each(f"encoder_{number}", encoder, streams, masks)
    return streams
