"""The baseline of the MDAT paper: the last states of two bidirectional LSTMs."""

from dataclasses import dataclass

import keras
from keras import layers

from mdat_keras import checks
from mdat_keras.models.build_model import build_model
from mdat_keras.models.classifier import classify
from mdat_keras.models.model_config import ModelConfig
from mdat_keras.models.streams import front, join, stream_inputs


@dataclass(frozen=True)
class BiLSTMConfig(ModelConfig):
    """What the baseline is built from; the paper gives no widths.

    The fields that all models share are those of `ModelConfig`.

    Args:
        units: Width of each direction of each LSTM.
        dense_units: Width of the hidden layer before the classes.
        l2: Factor of the hidden layer's squared weights in the loss.
        dropout: Dropout before the classes.

    Raises:
        ValueError: If a value cannot be used; valid ones are named.
    """

    units: int = 128
    dense_units: int = 128
    l2: float = 1e-3
    dropout: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.at_least("units", self.units, 1)
        checks.at_least("dense_units", self.dense_units, 1)
        checks.not_negative("l2", self.l2)
        checks.rate("dropout", self.dropout)


@build_model.register
def build_bilstm(config: BiLSTMConfig, speech_dim: int, text_dim: int) -> keras.Model:
    """Build the baseline; see `build_model` for the inputs and the output.

    Each stream is read forwards and backwards, and only the last state of each direction is kept:
    the paper concatenates the streams "into a single feature vector" (section III-E).

    Args:
        config: Its widths.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The model, untrained.
    """
    inputs = stream_inputs(speech_dim, text_dim)
    streams, masks = front(config, inputs)
    states = [
        layers.Bidirectional(layers.LSTM(config.units), name=f"{name}_lstm")(
            streams[name], mask=masks[name]
        )
        for name in streams
    ]
    probabilities = classify(
        join("utterance", states),
        units=config.dense_units,
        dropout=config.dropout,
        classes=config.classes,
        l2=config.l2,
    )
    return keras.Model(inputs, probabilities, name="bilstm")
