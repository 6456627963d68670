"""Every model of the package, small, for 12 speech features, 10 text features and 3 emotions."""

from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

from mdat_keras import PRESETS, BiLSTMConfig, HCAMConfig, MDATConfig, SAFRLMConfig, models
from mdat_keras.models.model_config import ModelConfig

SPEECH_DIM, TEXT_DIM = 12, 10
MDAT = MDATConfig(classes=3, projection=8, encoder_heads=2, head_units=6)
PAPER = replace(PRESETS["paper"], classes=3, encoder_heads=2, head_units=6)
SMALL = {
    MDATConfig: MDAT,
    BiLSTMConfig: BiLSTMConfig(classes=3, units=4, dense_units=6),
    SAFRLMConfig: SAFRLMConfig(classes=3, units=8, heads=2, feed_forward=6, head_units=6),
    HCAMConfig: HCAMConfig(
        classes=3, speech_units=6, text_units=4, context_units=3, heads=2, head_dim=3, layers=1
    ),
}

for found in iter_modules(models.__path__):
    import_module(f"{models.__name__}.{found.name}")

MODELS: dict[str, ModelConfig] = {
    kind.__module__.rpartition(".")[2]: SMALL.get(kind, kind(classes=3))
    for kind in ModelConfig.__subclasses__()
}
"""Module in `mdat_keras/models/` -> a configuration: a new model is in the tests by itself."""

VARIANTS: dict[str, ModelConfig] = MODELS | {
    "mdat, paper": PAPER,
    "mdat, modality": replace(
        MDAT, graph_scope="modality", graph_heads=2, units=4, residual=False, encoder_layers=2
    ),
    "mdat, broadcast": replace(MDAT, graph_scores="broadcast"),
    "mdat, own": replace(MDAT, graph_heads=2, co_context="own", speech_layers=2),
    "mdat, parts off": replace(MDAT, graph_attention=False, co_attention=False, transformer=False),
}
"""Configurations that together run every branch of the functions that build models."""
