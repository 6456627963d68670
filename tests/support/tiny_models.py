"""Tiny models with random weights, saved as real ones are."""

from pathlib import Path
from typing import Any

import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    BertConfig,
    BertModel,
    Data2VecAudioConfig,
    Data2VecAudioModel,
    HubertConfig,
    HubertModel,
    RobertaConfig,
    RobertaModel,
    RobertaTokenizerFast,
    Wav2Vec2Config,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2Model,
    WavLMConfig,
    WavLMModel,
    XLMRobertaConfig,
    XLMRobertaModel,
)

DIM = 24
DEPTH = 3
MAX_TOKENS = 20

# The convolutions of the true models in length, with few channels: 400 samples make one frame.
SIZES: dict[str, Any] = {
    "hidden_size": DIM,
    "num_hidden_layers": DEPTH,
    "num_attention_heads": 2,
    "intermediate_size": 32,
}
SPEECH_SIZES = SIZES | {
    "conv_dim": (16,) * 7,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
}
XLS_R = {"feat_extract_norm": "layer", "do_stable_layer_norm": True, "conv_bias": True}
GROUP_NORM = {"feat_extract_norm": "group", "do_stable_layer_norm": False}

# Name -> (model, configuration, whether waveforms are normalised), as the published models have it.
SPEECH: dict[str, tuple[Any, Any, bool]] = {
    "xls-r": (Wav2Vec2Model, Wav2Vec2Config(**SPEECH_SIZES, **XLS_R), True),
    "wav2vec2-base": (Wav2Vec2Model, Wav2Vec2Config(**SPEECH_SIZES, **GROUP_NORM), True),
    "hubert-base": (HubertModel, HubertConfig(**SPEECH_SIZES, **GROUP_NORM), True),
    "hubert-large": (HubertModel, HubertConfig(**SPEECH_SIZES, **XLS_R), True),
    "wavlm-base": (WavLMModel, WavLMConfig(**SPEECH_SIZES, **GROUP_NORM), False),
    "wavlm-large": (WavLMModel, WavLMConfig(**SPEECH_SIZES, **XLS_R), True),
    "data2vec-audio": (
        Data2VecAudioModel,
        Data2VecAudioConfig(**SPEECH_SIZES | {"num_conv_pos_embeddings": 5}),
        True,
    ),
}

POSITIONS = {"max_position_embeddings": MAX_TOKENS + 2, "pad_token_id": 1}
TEXT: dict[str, tuple[Any, Any]] = {
    "roberta": (RobertaModel, RobertaConfig(**SIZES, **POSITIONS, vocab_size=300)),
    "xlm-roberta": (XLMRobertaModel, XLMRobertaConfig(**SIZES, **POSITIONS, vocab_size=300)),
    "bert": (
        BertModel,
        BertConfig(**SIZES, max_position_embeddings=MAX_TOKENS, pad_token_id=1, vocab_size=300),
    ),
}


def save_speech_model(name: str, folder: Path) -> Path:
    """Save one of `SPEECH`, with its feature extractor.

    Args:
        name: Its name.
        folder: Where the folder of the model is made.

    Returns:
        The folder of the model.
    """
    kind, config, normalise = SPEECH[name]
    extractor = Wav2Vec2FeatureExtractor(do_normalize=normalise, return_attention_mask=False)
    extractor.save_pretrained(folder / name)
    return _save(kind, config, folder / name)


def save_text_model(name: str, folder: Path) -> Path:
    """Save one of `TEXT`, with a tokenizer of bytes.

    Args:
        name: Its name.
        folder: Where the folder of the model is made.

    Returns:
        The folder of the model.
    """
    kind, config = TEXT[name]
    bpe = ByteLevelBPETokenizer()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    bpe.train_from_iterator(["das ist ein Tuch"], vocab_size=300, special_tokens=special)
    (folder / name).mkdir(parents=True)
    bpe.save_model(str(folder / name))
    tokenizer = RobertaTokenizerFast.from_pretrained(folder / name)
    tokenizer.save_pretrained(folder / name)
    return _save(kind, config, folder / name)


def _save(kind: Any, config: Any, folder: Path) -> Path:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = kind(config)
        # Weights as large as trained ones, so that a leak through the padding shows.
        model.apply(_enlarge)
    model.save_pretrained(folder)
    return folder


def _enlarge(module: torch.nn.Module) -> None:
    if isinstance(module, torch.nn.Linear):
        torch.nn.init.xavier_normal_(module.weight)
