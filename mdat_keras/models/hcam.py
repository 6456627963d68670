"""HCAM: a hierarchy of convolutions, GRUs and attention between the streams."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
from keras import KerasTensor, layers, ops

from mdat_keras import checks
from mdat_keras.layers.attentive_pooling import AttentivePooling
from mdat_keras.layers.batched_attention import BatchedAttention
from mdat_keras.layers.explicit_bidirectional import ExplicitBidirectional
from mdat_keras.models.build_model import build_model
from mdat_keras.models.classification_head import softmax_layer
from mdat_keras.models.model_config import ModelConfig
from mdat_keras.models.streams import Streams, concatenate, each, prepare, stream_inputs


@dataclass(frozen=True)
class HCAMConfig(ModelConfig):
    """Configuration of HCAM and of the loss of its last stage.

    The other fields are those of `ModelConfig`.

    Args:
        speech_units: Width of the convolutions over the speech in stage I.
        text_units: Width of each direction of the GRUs over the text in stage I.
        context_units: Width of each direction of the GRUs in stage II.
        heads: Number of heads of each attention.
        head_dim: Width of each head.
        layers: Number of layers of stage III.
        dropout: Fraction of the output of each attention dropped in training.
        supcon_weight: Weight of the supervised contrastive loss in stage III; the weight of the
            cross-entropy is 1 minus this.
        supcon_temperature: Temperature of the supervised contrastive loss.

    Raises:
        ValueError: If a value is not valid; the error names the field and the valid values.
    """

    speech_units: int = 128
    text_units: int = 100
    context_units: int = 200
    heads: int = 3
    head_dim: int = 20
    layers: int = 2
    dropout: float = 0.5
    supcon_weight: float = 0.2
    supcon_temperature: float = 0.1

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in (
            "speech_units",
            "text_units",
            "context_units",
            "heads",
            "head_dim",
            "layers",
        ):
            checks.at_least(name, getattr(self, name), 1)
        checks.rate("dropout", self.dropout)
        checks.rate("supcon_weight", self.supcon_weight)
        checks.positive("supcon_temperature", self.supcon_temperature)


@build_model.register
def build_hcam(config: HCAMConfig, speech_dim: int, text_dim: int) -> keras.Model:
    """Build HCAM; see `build_model` for the inputs and the output.

    HCAM was made for conversations. Single utterances have no conversation, so here stages II and
    III use the steps of an utterance instead of the utterances of a conversation:

        I    A = relu(W_2 relu(W_1 speech))             T = bigru(bigru(text))
        II   G = bigru(X);  G' = norm(G + attention(G, G));  X = relu(W G') + V X   for A and for T
        III  A' = norm(A + attention(A, T));  T' = norm(T + attention(T, A))        these two steps
             A = norm(A' + attention(A', A'));  T = norm(T' + attention(T', T'))    `layers` times
             p = softmax(W norm([pool T ; pool A]))

    With one stream, stage III has self-attention only. With the default configuration, 1024 and 768
    features and 4 classes, the model has 3,161,518 trainable weights; with the heads of
    `hcam_stages`, which only training uses, 3,166,046.

    Args:
        config: Configuration of the model.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The untrained model. Its layers `stage_1` to `stage_3` are models.

    References:
        [Dutta and Ganapathy, HCAM, 2023](https://arxiv.org/abs/2304.06910)
    """
    inputs = stream_inputs(speech_dim, text_dim)
    streams, masks = prepare(config, inputs)
    streams = _apply(_encode, config, streams, masks, name="stage_1")
    streams = {name: streams[name] for name in config.streams}
    streams = _apply(_contextualise, config, streams, masks, name="stage_2")
    outputs = _apply(_fuse, config, streams, masks, name="stage_3")
    return keras.Model(inputs, outputs["emotion"], name="hcam")


def stage_inputs(streams: Streams, masks: Streams) -> Streams:
    """Combine streams and masks into the inputs of a stage.

    Args:
        streams: Features by the name of the stream.
        masks: Masks by the name of the stream.

    Returns:
        Features and masks, by the names that `build_model` uses.
    """
    return streams | {f"{name}_mask": mask for name, mask in masks.items()}


def _apply(
    part: Callable[..., Streams], config: HCAMConfig, streams: Streams, masks: Streams, name: str
) -> Streams:
    """Apply a part of the hierarchy as a nested model, which `hcam_stages` can train."""
    inputs = stage_inputs(
        {stream: keras.Input(streams[stream].shape[1:], name=stream) for stream in streams},
        {stream: keras.Input((None,), name=f"{stream}_mask", dtype="bool") for stream in masks},
    )
    outputs = part(
        config,
        {stream: inputs[stream] for stream in streams},
        {stream: inputs[f"{stream}_mask"] for stream in masks},
    )
    nested: Streams = keras.Model(inputs, outputs, name=name)(stage_inputs(streams, masks))
    return nested


def _encode(config: HCAMConfig, streams: Streams, masks: Streams) -> Streams:
    """Stage I. It also returns the last states of the text, for the head that trains it."""
    outputs = dict(streams)
    if "speech" in streams:
        for number in (1, 2):  # convolutions over single steps
            dense = layers.Dense(config.speech_units, "relu", name=f"speech_convolution_{number}")
            outputs["speech"] = dense(outputs["speech"])
    if "text" in streams:
        first = _bigru(config.text_units, "text_gru_1")(streams["text"], mask=masks["text"])
        second = _bigru(config.text_units, "text_gru_2", return_state=True)
        outputs["text"], *states = second(first, mask=masks["text"])
        outputs["text_states"] = layers.Concatenate(name="text_states")(states)
    return outputs


def _contextualise(config: HCAMConfig, streams: Streams, masks: Streams) -> Streams:
    """Stage II."""
    width = 2 * config.context_units
    outputs = {}
    for name, stream in streams.items():
        read = _bigru(config.context_units, f"{name}_gru")(stream, mask=masks[name])
        attended = _attend(config, f"{name}_attention", read, read, masks[name])
        context = layers.Dense(width, "relu", name=f"{name}_context")(attended)
        skipped = layers.Dense(width, name=f"{name}_skip")(stream)
        outputs[name] = layers.Add(name=f"{name}_sum")([context, skipped])
    return outputs


def _fuse(config: HCAMConfig, streams: Streams, masks: Streams) -> Streams:
    """Stage III. It also returns the views, for the contrastive loss."""
    for number in range(1, config.layers + 1):
        if config.modality == "both":
            streams = {
                name: _attend(config, f"{name}_cross_{number}", streams[name], streams[other], mask)
                for name, other, mask in (
                    ("speech", "text", masks["text"]),
                    ("text", "speech", masks["speech"]),
                )
            }
        streams = {
            name: _attend(config, f"{name}_self_{number}", stream, stream, masks[name])
            for name, stream in streams.items()
        }
    views = list(each("pool", AttentivePooling, streams, masks).values())
    utterance = layers.LayerNormalization(epsilon=1e-5, name="norm")(
        concatenate("utterance", views)
    )
    return {"emotion": softmax_layer(utterance, config.classes), "views": ops.stack(views, axis=1)}


def _bigru(units: int, name: str, return_state: bool = False) -> keras.Layer:
    gru = layers.GRU(units, return_sequences=True, return_state=return_state)
    return ExplicitBidirectional(gru, name=name)


def _attend(
    config: HCAMConfig, name: str, queries: KerasTensor, values: KerasTensor, mask: KerasTensor
) -> KerasTensor:
    """Attention with a residual connection and a norm."""
    attention = BatchedAttention(config.heads, config.head_dim, name=name)
    found = attention(queries, values, key_mask=mask)
    found = layers.Dropout(config.dropout, name=f"{name}_dropout")(found)
    total = layers.Add(name=f"{name}_sum")([queries, found])
    return layers.LayerNormalization(epsilon=1e-5, name=f"{name}_norm")(total)
