"""SAFRLM-style model, reconstructed from its abstract: single streams adjust a fusion."""

from dataclasses import dataclass
from functools import partial

import keras
from keras import KerasTensor, layers

from mdat_keras import checks
from mdat_keras.layers.batched_attention import BatchedAttention
from mdat_keras.layers.co_attention import CoAttention
from mdat_keras.layers.masked_mean import MaskedMean
from mdat_keras.models.build_model import build_model
from mdat_keras.models.classification_head import classification_head
from mdat_keras.models.model_config import ModelConfig
from mdat_keras.models.streams import Streams, concatenate, each, prepare, stream_inputs


@dataclass(frozen=True)
class SAFRLMConfig(ModelConfig):
    """Configuration of the SAFRLM-style model; the abstract gives no numbers.

    The other fields are those of `ModelConfig`.

    Args:
        units: Width D of the projected streams and of the fusion.
        layers: Number of adjustments, one after the other.
        heads: Number of heads of each attention; it must divide `units`.
        feed_forward: Width of the hidden layer of the feed-forward blocks.
        dropout: Dropout rate of the adjustments.
        head_units: Width of the hidden layer of the classification head.
        head_dropout: Fraction of the hidden units of the head dropped in training.

    Raises:
        ValueError: If a value is not valid; the error names the field and the valid values.
    """

    units: int = 128
    layers: int = 2
    heads: int = 4
    feed_forward: int = 256
    dropout: float = 0.1
    head_units: int = 128
    head_dropout: float = 0.3

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("units", "layers", "feed_forward", "head_units"):
            checks.at_least(name, getattr(self, name), 1)
        checks.divides("heads", self.heads, "units", self.units)
        checks.rate("dropout", self.dropout)
        checks.rate("head_dropout", self.head_dropout)


@build_model.register
def build_safrlm(config: SAFRLMConfig, speech_dim: int, text_dim: int) -> keras.Model:
    """Build a SAFRLM-style model, reconstructed from its abstract.

    Only the abstract is public. It describes three modules: an alignment that projects both streams
    to the same width, an attention between the streams that gives a first fusion, and transformers
    in which the single streams adjust the fusion. The equations are a reconstruction:

        X_q = W_q stream_q                                               q is speech or text
        C_q = softmax(X_q X_r^T / sqrt(D)) X_r                           r is the other stream
        F   = norm([V_t [X_t ; C_t] ; V_s [X_s ; C_s]])                  concatenated along time
        F   = norm(F + g_t * P_t + g_s * P_s),   P_q = attention(F, X_q, X_q)
              with gates [g_t ; g_s] = sigmoid(W_g [F ; P_t ; P_s])      these two steps
        F   = norm(F + W_b relu(W_a F))                                  `layers` times
        p   = classification_head([mean F ; mean X_t ; mean X_s])

    With one stream, the first fusion is `norm(V X)`, and this stream adjusts it.

    Args:
        config: Configuration of the model.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The untrained model.
    """
    inputs = stream_inputs(speech_dim, text_dim)
    streams, masks = prepare(config, inputs)
    streams = each("alignment", partial(layers.Dense, config.units, use_bias=False), streams)
    fusion, fusion_mask = _collaborate(config, streams, masks)
    for number in range(1, config.layers + 1):
        fusion = _adjust(config, f"adjustment_{number}", fusion, streams, masks)
        fusion = _feed_forward(config, f"adjustment_{number}", fusion)
    means = [MaskedMean(name="fusion_mean")(fusion, fusion_mask)]
    means += each("mean", MaskedMean, streams, masks).values()
    probabilities = classification_head(
        concatenate("utterance", means),
        units=config.head_units,
        dropout=config.head_dropout,
        classes=config.classes,
    )
    return keras.Model(inputs, probabilities, name="safrlm")


def _collaborate(
    config: SAFRLMConfig, streams: Streams, masks: Streams
) -> tuple[KerasTensor, KerasTensor]:
    """Compute the first fusion from attention between the streams; returns it and its mask."""
    if config.modality == "both":
        attention = CoAttention(units=None, scale=True, name="collaboration")
        speech, text = attention(*streams.values(), *masks.values())
        streams = {"speech": speech, "text": text}
    starts = each("fusion", partial(layers.Dense, config.units), streams)
    fusion = concatenate("fusion", list(starts.values()), axis=1)
    fusion_mask = concatenate("fusion_mask", list(masks.values()), axis=1)
    return layers.LayerNormalization(epsilon=1e-5, name="fusion_norm")(fusion), fusion_mask


def _adjust(
    config: SAFRLMConfig, name: str, fusion: KerasTensor, streams: Streams, masks: Streams
) -> KerasTensor:
    """Add to each step of the fusion what it attends to in each stream, through a gate."""
    attention = partial(BatchedAttention, config.heads, config.units // config.heads)
    found = {
        stream: attention(name=f"{name}_{stream}_attention")(
            fusion, streams[stream], key_mask=masks[stream]
        )
        for stream in streams
    }
    seen = layers.Concatenate(name=f"{name}_seen")([fusion, *found.values()])
    gate = partial(layers.Dense, config.units, "sigmoid")
    gated = [
        layers.Multiply(name=f"{name}_{stream}_gated")(
            [gate(name=f"{name}_{stream}_gate")(seen), found[stream]]
        )
        for stream in streams
    ]
    return _add(config, f"{name}_stream", fusion, gated)


def _feed_forward(config: SAFRLMConfig, name: str, fusion: KerasTensor) -> KerasTensor:
    """Apply a feed-forward block to each step of the fusion."""
    inner = layers.Dense(config.feed_forward, "relu", name=f"{name}_inner")(fusion)
    outer = layers.Dense(config.units, name=f"{name}_outer")(inner)
    return _add(config, f"{name}_forward", fusion, [outer])


def _add(
    config: SAFRLMConfig, name: str, fusion: KerasTensor, changes: list[KerasTensor]
) -> KerasTensor:
    """Add changes with dropout, and normalise."""
    drop = partial(layers.Dropout, config.dropout)
    dropped = [drop(name=f"{name}_dropout_{i}")(change) for i, change in enumerate(changes, 1)]
    total = layers.Add(name=f"{name}_sum")([fusion, *dropped])
    return layers.LayerNormalization(epsilon=1e-5, name=f"{name}_norm")(total)
