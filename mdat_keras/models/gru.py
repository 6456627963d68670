"""GRU, a small recurrent model: one gated recurrent unit (GRU) for each stream."""

from dataclasses import dataclass

import keras
from keras import layers

from mdat_keras import checks
from mdat_keras.models.build_model import build_model
from mdat_keras.models.classification_head import classification_head
from mdat_keras.models.model_config import ModelConfig
from mdat_keras.models.streams import concatenate, prepare, stream_inputs


@dataclass(frozen=True)
class GRUConfig(ModelConfig):
    """Configuration of the GRU.

    The other fields are those of `ModelConfig`.

    Args:
        units: Width of each GRU, and of the hidden layer of the classification head.
        dropout: Fraction of the hidden units dropped in training.

    Raises:
        ValueError: If a value is not valid; the error names the field and the valid values.
    """

    units: int = 64
    dropout: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.at_least("units", self.units, 1)
        checks.rate("dropout", self.dropout)


@build_model.register
def build_gru(config: GRUConfig, speech_dim: int, text_dim: int) -> keras.Model:
    """Build the GRU; see `build_model` for the inputs and the output.

    A GRU reads each stream forwards. The last states of both streams are concatenated and
    classified.

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
        layers.GRU(config.units, name=f"{name}_gru")(streams[name], mask=masks[name])
        for name in streams
    ]
    probabilities = classification_head(
        concatenate("utterance", states),
        units=config.units,
        dropout=config.dropout,
        classes=config.classes,
    )
    return keras.Model(inputs, probabilities, name="gru")
