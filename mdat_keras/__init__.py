"""Layers and models for speech emotion recognition from speech and text, in Keras.

Tensors only: nothing here reads a file. Importing the package registers every layer, so that
`keras.saving.load_model` opens a saved model.
"""

from mdat_keras.bilstm import BiLSTMConfig, build_bilstm
from mdat_keras.build_model import build_model
from mdat_keras.co_attention import CoAttention
from mdat_keras.config import PRESETS, MDATConfig
from mdat_keras.graph_attention import GraphAttention
from mdat_keras.layer_mix import LayerMix
from mdat_keras.masked_mean import MaskedMean
from mdat_keras.mdat import build_mdat
from mdat_keras.model_config import MODALITIES
from mdat_keras.safrlm import SAFRLMConfig, build_safrlm
from mdat_keras.split_streams import SplitStreams
from mdat_keras.standardize import Standardize
from mdat_keras.transformer_encoder import TransformerEncoder

__all__ = [
    "MODALITIES",
    "PRESETS",
    "BiLSTMConfig",
    "CoAttention",
    "GraphAttention",
    "LayerMix",
    "MDATConfig",
    "MaskedMean",
    "SAFRLMConfig",
    "SplitStreams",
    "Standardize",
    "TransformerEncoder",
    "build_bilstm",
    "build_mdat",
    "build_model",
    "build_safrlm",
]
