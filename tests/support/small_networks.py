"""Every model of the package, small, for 12 speech and 10 text features and three emotions."""

from dataclasses import replace

from mdat_keras import PRESETS, BiLSTMConfig, HCAMConfig, LinearConfig, MDATConfig, SAFRLMConfig
from mdat_keras.models.model_config import ModelConfig

SPEECH_DIM, TEXT_DIM = 12, 10
MDAT = MDATConfig(classes=3, projection=8, encoder_heads=2, head_units=6)
PAPER = replace(PRESETS["paper"], classes=3, encoder_heads=2, head_units=6)
MODELS: dict[str, ModelConfig] = {
    "mdat": MDAT,
    "linear": LinearConfig(classes=3),
    "bilstm": BiLSTMConfig(classes=3, units=4, dense_units=6),
    "safrlm": SAFRLMConfig(classes=3, units=8, heads=2, feed_forward=6, head_units=6),
    "hcam": HCAMConfig(
        classes=3, speech_units=6, text_units=4, context_units=3, heads=2, head_dim=3, layers=1
    ),
}
# Together they take every way through the builders.
VARIANTS: dict[str, ModelConfig] = MODELS | {
    "mdat, paper": PAPER,
    "mdat, modality": replace(
        MDAT, graph_scope="modality", graph_heads=2, units=4, residual=False, encoder_layers=2
    ),
    "mdat, broadcast": replace(MDAT, graph_scores="broadcast"),
    "mdat, own": replace(MDAT, graph_heads=2, co_context="own", speech_layers=2),
    "mdat, parts off": replace(MDAT, graph_attention=False, co_attention=False, transformer=False),
}
