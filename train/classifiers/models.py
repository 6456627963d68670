"""The systems by the names of `--model`."""

from dataclasses import replace
from typing import Any

from mdat_keras import PRESETS, BiLSTMConfig, HCAMConfig, SAFRLMConfig
from mdat_train.classifiers.classifier import System
from mdat_train.classifiers.keras_classifier import Network
from mdat_train.classifiers.sklearn_classifier import KINDS, Baseline
from mdat_train.config import DISABLE, TrainConfig

CONFIGS: dict[str, Any] = {
    "bilstm": BiLSTMConfig(),
    "safrlm": SAFRLMConfig(),
    "hcam": HCAMConfig(),
}


def system_of(
    config: TrainConfig, *, speech_dim: int, text_dim: int, speech_layers: int = 1
) -> System:
    """The system that a run trains.

    Args:
        config: With nothing left to be decided.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.
        speech_layers: Encoder layers that lie side by side in the speech features.

    Returns:
        The system, untrained.
    """
    standardize = config.normalize != "none"
    if config.model in KINDS:
        return Baseline(config.model, standardize=standardize, modality=config.modality)
    model = replace(
        _preset(config),
        classes=len(config.classes),
        standardize=standardize,
        speech_layers=speech_layers,
        modality=config.modality,
    )
    return Network(model, speech_dim, text_dim, config)


def _preset(config: TrainConfig) -> Any:
    """The configuration of the model itself; an ablation of MDAT has fields replaced."""
    if config.model != "mdat":
        return CONFIGS[config.model]
    disabled: dict[str, Any] = {DISABLE[name]: False for name in config.disable}
    return replace(PRESETS[config.preset], **disabled)
