"""BiLSTM, the baseline of the MDAT paper: one bidirectional LSTM for each stream."""

from dataclasses import dataclass

import keras
from keras import layers

from mdat_keras import checks
from mdat_keras.models.build_model import build_model
from mdat_keras.models.classification_head import classification_head
from mdat_keras.models.model_config import ModelConfig
from mdat_keras.models.streams import concatenate, prepare, stream_inputs


@dataclass(frozen=True)
class BiLSTMConfig(ModelConfig):
    """Configuration of the BiLSTM; the paper gives no widths.

    The other fields are those of `ModelConfig`.

    Args:
        units: Width of each direction of the LSTMs.
        dense_units: Width of the hidden layer of the classification head.
        l2: Factor of the L2 penalty on the kernel of the hidden layer.
        dropout: Fraction of the hidden units dropped in training.

    Raises:
        ValueError: If a value is not valid; the error names the field and the valid values.
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
    """Build the BiLSTM; see `build_model` for the inputs and the output.

    A bidirectional LSTM reads each stream. The last states of both directions of both streams are
    concatenated "into a single feature vector" (section III-E of the paper) and classified.

    Args:
        config: Configuration of the model.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        The untrained model.
    """
    inputs = stream_inputs(speech_dim, text_dim)
    streams, masks = prepare(config, inputs)
    states = [
        layers.Bidirectional(layers.LSTM(config.units), name=f"{name}_lstm")(
            streams[name], mask=masks[name]
        )
        for name in streams
    ]
    probabilities = classification_head(
        concatenate("utterance", states),
        units=config.dense_units,
        dropout=config.dropout,
        classes=config.classes,
        l2=config.l2,
    )
    return keras.Model(inputs, probabilities, name="bilstm")
