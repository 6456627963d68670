"""What the configurations of all models share."""

from dataclasses import dataclass

from mdat_keras import checks

MODALITIES = ("both", "speech", "text")


@dataclass(frozen=True)
class ModelConfig:
    """The fields of every model's configuration.

    Args:
        classes: Number C of emotions.
        standardize: Put `Standardize` in front of each stream.
        speech_layers: Encoder layers that lie side by side in the speech; more than one puts
            `LayerMix` in front.
        modality: `"both"`, or the one stream that the model is built of, `"speech"` or `"text"`.
            The inputs stay the same; those of the other stream are not looked at.

    Raises:
        ValueError: If a value cannot be used; valid ones are named.
    """

    classes: int = 4
    standardize: bool = True
    speech_layers: int = 1
    modality: str = "both"

    def __post_init__(self) -> None:
        checks.at_least("classes", self.classes, 2)
        checks.at_least("speech_layers", self.speech_layers, 1)
        checks.one_of("modality", self.modality, MODALITIES)

    @property
    def streams(self) -> tuple[str, ...]:
        """The names of the streams that the model is built of."""
        return ("speech", "text") if self.modality == "both" else (self.modality,)
