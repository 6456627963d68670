"""Configuration fields that all models share."""

from dataclasses import dataclass, fields

from mdat_keras import checks

MODALITIES = ("both", "speech", "text")


@dataclass(frozen=True)
class ModelConfig:
    """Base class of the configurations of all models.

    Args:
        classes: Number C of emotions.
        standardize: Whether to put a `Standardize` layer in front of each stream.
        speech_layers: Number of encoder layers that are concatenated in the speech features. With
            more than one, a `LayerMix` layer reduces them to their weighted sum.
        modality: `"both"`, `"speech"` or `"text"`: the streams that the model uses. The inputs are
            always the same; those of an unused stream are ignored.

    Raises:
        ValueError: If a value is not valid; the error names the field and the valid values.
    """

    classes: int = 4
    standardize: bool = True
    speech_layers: int = 1
    modality: str = "both"

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.type is bool:
                checks.boolean(field.name, getattr(self, field.name))
        checks.at_least("classes", self.classes, 2)
        checks.at_least("speech_layers", self.speech_layers, 1)
        checks.one_of("modality", self.modality, MODALITIES)

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the streams that the model uses."""
        return ("speech", "text") if self.modality == "both" else (self.modality,)
