"""Layers and models for speech emotion recognition from speech and text, in Keras.

Tensors only: nothing here reads a file. Importing the package registers every layer, so that
`keras.saving.load_model` opens a saved model.
"""

from mdat_keras.layers.attentive_pooling import AttentivePooling
from mdat_keras.layers.batched_attention import BatchedAttention
from mdat_keras.layers.co_attention import CoAttention
from mdat_keras.layers.explicit_bidirectional import ExplicitBidirectional
from mdat_keras.layers.graph_attention import GraphAttention
from mdat_keras.layers.layer_mix import LayerMix
from mdat_keras.layers.masked_mean import MaskedMean
from mdat_keras.layers.masked_statistics import MaskedStatistics
from mdat_keras.layers.split_streams import SplitStreams
from mdat_keras.layers.standardize import Standardize
from mdat_keras.layers.transformer_encoder import TransformerEncoder
from mdat_keras.models.attention import with_attention
from mdat_keras.models.bilstm import BiLSTMConfig, build_bilstm
from mdat_keras.models.build_model import build_model
from mdat_keras.models.hcam import HCAMConfig, build_hcam
from mdat_keras.models.hcam_stages import hcam_single_stage, hcam_stages
from mdat_keras.models.linear import (
    LinearConfig,
    build_linear,
    linear_weights,
    set_linear_weights,
)
from mdat_keras.models.mdat import PRESETS, MDATConfig, build_mdat
from mdat_keras.models.model_config import MODALITIES
from mdat_keras.models.safrlm import SAFRLMConfig, build_safrlm
from mdat_keras.models.stages import Stage, among_classes, single_stage, stages
from mdat_keras.supervised_contrastive import SupervisedContrastive

__version__ = "0.2.0"

__all__ = [
    "MODALITIES",
    "PRESETS",
    "AttentivePooling",
    "BatchedAttention",
    "BiLSTMConfig",
    "CoAttention",
    "ExplicitBidirectional",
    "GraphAttention",
    "HCAMConfig",
    "LayerMix",
    "LinearConfig",
    "MDATConfig",
    "MaskedMean",
    "MaskedStatistics",
    "SAFRLMConfig",
    "SplitStreams",
    "Stage",
    "Standardize",
    "SupervisedContrastive",
    "TransformerEncoder",
    "among_classes",
    "build_bilstm",
    "build_hcam",
    "build_linear",
    "build_mdat",
    "build_model",
    "build_safrlm",
    "hcam_single_stage",
    "hcam_stages",
    "linear_weights",
    "set_linear_weights",
    "single_stage",
    "stages",
    "with_attention",
]
