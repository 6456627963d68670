"""Layers and models for speech emotion recognition from speech and text, in Keras.

Tensors only: nothing here reads a file. Importing the package registers every layer, so that
`keras.saving.load_model` opens a saved model.
"""

from mdat_keras.attentive_pooling import AttentivePooling
from mdat_keras.batched_attention import BatchedAttention
from mdat_keras.bilstm import BiLSTMConfig, build_bilstm
from mdat_keras.build_model import build_model
from mdat_keras.co_attention import CoAttention
from mdat_keras.config import PRESETS, MDATConfig
from mdat_keras.explicit_bidirectional import ExplicitBidirectional
from mdat_keras.graph_attention import GraphAttention
from mdat_keras.hcam import HCAMConfig, build_hcam
from mdat_keras.hcam_stages import hcam_stages, hcam_whole
from mdat_keras.layer_mix import LayerMix
from mdat_keras.masked_mean import MaskedMean
from mdat_keras.mdat import build_mdat
from mdat_keras.model_config import MODALITIES
from mdat_keras.safrlm import SAFRLMConfig, build_safrlm
from mdat_keras.split_streams import SplitStreams
from mdat_keras.stages import Stage, stages, whole
from mdat_keras.standardize import Standardize
from mdat_keras.supervised_contrastive import SupervisedContrastive
from mdat_keras.transformer_encoder import TransformerEncoder

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
    "MDATConfig",
    "MaskedMean",
    "SAFRLMConfig",
    "SplitStreams",
    "Stage",
    "Standardize",
    "SupervisedContrastive",
    "TransformerEncoder",
    "build_bilstm",
    "build_hcam",
    "build_mdat",
    "build_model",
    "build_safrlm",
    "hcam_stages",
    "hcam_whole",
    "stages",
    "whole",
]
