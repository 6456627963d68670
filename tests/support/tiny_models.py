"""Tiny models with random weights, saved as real ones are."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    BertConfig,
    BertModel,
    Data2VecAudioConfig,
    Data2VecAudioModel,
    GenerationConfig,
    GPT2Config,
    GPT2Model,
    GPT2TokenizerFast,
    HubertConfig,
    HubertForSequenceClassification,
    HubertModel,
    LlamaConfig,
    LlamaModel,
    ModernBertConfig,
    ModernBertModel,
    RobertaConfig,
    RobertaModel,
    RobertaTokenizerFast,
    SeamlessM4TFeatureExtractor,
    Wav2Vec2BertConfig,
    Wav2Vec2BertForCTC,
    Wav2Vec2BertModel,
    Wav2Vec2Config,
    Wav2Vec2CTCTokenizer,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2ForCTC,
    Wav2Vec2Model,
    WavLMConfig,
    WavLMModel,
    WhisperConfig,
    WhisperFeatureExtractor,
    WhisperForAudioClassification,
    WhisperForConditionalGeneration,
    WhisperModel,
    WhisperTokenizer,
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

WHISPER_SIZES: dict[str, Any] = {
    "d_model": 16,
    "num_mel_bins": 16,
    "encoder_layers": 1,
    "encoder_attention_heads": 2,
    "encoder_ffn_dim": 16,
    "decoder_layers": 1,
    "decoder_attention_heads": 2,
    "decoder_ffn_dim": 16,
    "max_source_positions": 50,
    "max_target_positions": 12,
}

NORMALISED = Wav2Vec2FeatureExtractor(return_attention_mask=False)
RAW = Wav2Vec2FeatureExtractor(do_normalize=False, return_attention_mask=False)
MMS = XLS_R | {"adapter_attn_dim": 8}  # of the models with an adapter for each language

# Name -> (model, configuration, feature extractor), as the published models have it; some of them
# with a head.
WAV2VEC2: dict[str, tuple[Any, Any, Any]] = {
    "xls-r": (Wav2Vec2Model, Wav2Vec2Config(**SPEECH_SIZES, **XLS_R), NORMALISED),
    "xls-r-2b": (
        Wav2Vec2Model,
        Wav2Vec2Config(**SPEECH_SIZES | {"num_attention_heads": 3}, **XLS_R),
        NORMALISED,
    ),
    "mms": (Wav2Vec2Model, Wav2Vec2Config(**SPEECH_SIZES, **MMS), NORMALISED),
    "mms-ctc": (Wav2Vec2ForCTC, Wav2Vec2Config(**SPEECH_SIZES, **MMS), NORMALISED),
    "wav2vec2-base": (Wav2Vec2Model, Wav2Vec2Config(**SPEECH_SIZES, **GROUP_NORM), NORMALISED),
    "wav2vec2-ctc": (Wav2Vec2ForCTC, Wav2Vec2Config(**SPEECH_SIZES, **GROUP_NORM), NORMALISED),
    "hubert-base": (HubertModel, HubertConfig(**SPEECH_SIZES, **GROUP_NORM), NORMALISED),
    "hubert-large": (HubertModel, HubertConfig(**SPEECH_SIZES, **XLS_R), NORMALISED),
    "hubert-emotion": (
        HubertForSequenceClassification,
        HubertConfig(**SPEECH_SIZES, **XLS_R, num_labels=4, use_weighted_layer_sum=True),
        NORMALISED,
    ),
    "wavlm-base": (WavLMModel, WavLMConfig(**SPEECH_SIZES, **GROUP_NORM), RAW),
    "wavlm-large": (WavLMModel, WavLMConfig(**SPEECH_SIZES, **XLS_R), NORMALISED),
    "data2vec-audio": (
        Data2VecAudioModel,
        Data2VecAudioConfig(**SPEECH_SIZES | {"num_conv_pos_embeddings": 5}),
        NORMALISED,
    ),
}

ENCODER = {"d_model": DIM, "encoder_layers": DEPTH, "encoder_ffn_dim": 32, "vocab_size": 300}
TINY_EN = WHISPER_SIZES | ENCODER | {"pad_token_id": 0}
LARGE_V3 = TINY_EN | {"num_mel_bins": 20}  # more bands than the others
WHISPER_ENCODERS: dict[str, tuple[Any, Any, Any]] = {
    name: (kind, WhisperConfig(**sizes), WhisperFeatureExtractor(bands, chunk_length=1))
    for name, kind, sizes, bands in (
        ("whisper-tiny", WhisperForConditionalGeneration, TINY_EN, 16),
        ("whisper-large-v3", WhisperForConditionalGeneration, LARGE_V3, 20),
        ("whisper-bare", WhisperModel, TINY_EN, 16),
        ("whisper-emotion", WhisperForAudioClassification, TINY_EN, 16),
    )
}
"""They hear 1 s at once."""

W2V_BERT = {"position_embeddings_type": "relative_key", "feature_projection_input_dim": 160}
WAV2VEC2_BERT: dict[str, tuple[Any, Any, Any]] = {
    name: (kind, Wav2Vec2BertConfig(**SIZES, **W2V_BERT, vocab_size=11), extractor)
    for extractor in (SeamlessM4TFeatureExtractor(padding_value=1.0),)
    for name, kind in (("w2v-bert", Wav2Vec2BertModel), ("w2v-bert-ctc", Wav2Vec2BertForCTC))
}

SPEECH = WAV2VEC2 | WHISPER_ENCODERS | WAV2VEC2_BERT

POSITIONS = {"max_position_embeddings": MAX_TOKENS + 2, "pad_token_id": 1}
SPECIAL = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2}
ROTARY = SIZES | SPECIAL | {"max_position_embeddings": MAX_TOKENS, "vocab_size": 300}
LOCAL = {"global_attn_every_n_layers": 3, "local_attention": 8}
GPT2_SIZES = {"n_embd": DIM, "n_layer": DEPTH, "n_head": 2, "n_positions": MAX_TOKENS}
TEXT: dict[str, tuple[Any, Any]] = {
    "roberta": (RobertaModel, RobertaConfig(**SIZES, **POSITIONS, vocab_size=300)),
    "xlm-roberta": (XLMRobertaModel, XLMRobertaConfig(**SIZES, **POSITIONS, vocab_size=300)),
    "bert": (
        BertModel,
        BertConfig(**SIZES, max_position_embeddings=MAX_TOKENS, pad_token_id=1, vocab_size=300),
    ),
    "modernbert": (
        ModernBertModel,
        ModernBertConfig(**ROTARY, **LOCAL, cls_token_id=0, sep_token_id=2),
    ),
    "sentence": (RobertaModel, RobertaConfig(**SIZES, **POSITIONS, vocab_size=300)),
    "sentence-old": (RobertaModel, RobertaConfig(**SIZES, **POSITIONS, vocab_size=300)),
    "llama": (LlamaModel, LlamaConfig(**ROTARY)),
    "gpt2": (GPT2Model, GPT2Config(**GPT2_SIZES, bos_token_id=0, eos_token_id=0, vocab_size=300)),
}
SENTENCE = {"sentence": "", "sentence-old": "0_Transformer"}
"""Name of a sentence encoder -> where it has its transformer."""
DECODERS = ("llama", "gpt2")


CHARACTERS = ("<pad>", "<s>", "</s>", "<unk>", "|", "a", "d", "e", "s", "t", "u")
"""Of the CTC model; the first is its blank, "|" stands between words."""

PROMPTS = {
    name: 256 + number
    for number, name in enumerate(
        ("<|endoftext|>", "<|startoftranscript|>", "<|de|>", "<|ur|>", "<|translate|>")
        + ("<|transcribe|>", "<|startofprev|>", "<|notimestamps|>")
    )
}
"""The tokens of the Whisper models that are no text, behind the 256 that are bytes."""

WHISPER = ("whisper", "whisper.en")
"""Of two languages, and of English alone. They hear 1 s at once."""


def save_ctc_model(folder: Path) -> Path:
    """Save a CTC model of `CHARACTERS`.

    Args:
        folder: Where the folder "ctc" is made.

    Returns:
        The folder of the model.
    """
    path = folder / "ctc"
    path.mkdir()
    vocabulary = {character: number for number, character in enumerate(CHARACTERS)}
    (path / "vocab.json").write_text(json.dumps(vocabulary))
    Wav2Vec2CTCTokenizer(str(path / "vocab.json")).save_pretrained(path)
    Wav2Vec2FeatureExtractor().save_pretrained(path)
    config = Wav2Vec2Config(**SPEECH_SIZES, **XLS_R, vocab_size=len(CHARACTERS), pad_token_id=0)
    return _save(Wav2Vec2ForCTC, config, path)


def save_whisper_model(name: str, folder: Path) -> Path:
    """Save one of `WHISPER`.

    Args:
        name: Its name.
        folder: Where the folder of the model is made.

    Returns:
        The folder of the model.
    """
    path = folder / name
    path.mkdir()
    bpe = ByteLevelBPETokenizer()
    bpe.train_from_iterator([], vocab_size=256)
    bpe.save_model(str(path))
    tokenizer = WhisperTokenizer.from_pretrained(path)
    tokenizer.add_tokens(list(PROMPTS), special_tokens=True)
    tokenizer.save_pretrained(path)
    WhisperFeatureExtractor(feature_size=16, chunk_length=1).save_pretrained(path)
    end, start = PROMPTS["<|endoftext|>"], PROMPTS["<|startoftranscript|>"]
    roles = {"bos_token_id": end, "eos_token_id": end, "pad_token_id": end}
    roles["decoder_start_token_id"] = start
    config = WhisperConfig(**roles, **WHISPER_SIZES, vocab_size=256 + len(PROMPTS))
    _save(WhisperForConditionalGeneration, config, path)
    GenerationConfig(**roles, **_generation(name)).save_pretrained(path)
    return path


def _generation(name: str) -> dict[str, Any]:
    end = PROMPTS["<|endoftext|>"]
    common = {
        "is_multilingual": name == "whisper",
        "no_timestamps_token_id": PROMPTS["<|notimestamps|>"],
        "suppress_tokens": [number for number in PROMPTS.values() if number != end],
        "begin_suppress_tokens": [end],
    }
    languages = {code: PROMPTS[code] for code in ("<|de|>", "<|ur|>")}
    tasks = {task: PROMPTS[f"<|{task}|>"] for task in ("transcribe", "translate")}
    told = {"lang_to_id": languages, "task_to_id": tasks}
    return common | (told if name == "whisper" else {})


def save_speech_model(name: str, folder: Path) -> Path:
    """Save one of `SPEECH`, with its feature extractor.

    Args:
        name: Its name.
        folder: Where the folder of the model is made.

    Returns:
        The folder of the model.
    """
    kind, config, extractor = SPEECH[name]
    extractor.save_pretrained(folder / name)
    return _save(kind, config, folder / name)


def save_text_model(name: str, folder: Path) -> Path:
    """Save one of `TEXT`, with a tokenizer of bytes; that of decoders has no token of beginning.

    Args:
        name: Its name.
        folder: Where the folder of the model is made.

    Returns:
        The folder of the model.
    """
    kind, config = TEXT[name]
    decodes = name in DECODERS
    bpe = ByteLevelBPETokenizer()
    special = ["<|endoftext|>"] if decodes else ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    bpe.train_from_iterator(["das ist ein Tuch"], vocab_size=300, special_tokens=special)
    path = folder / name / SENTENCE.get(name, "")
    path.mkdir(parents=True)
    bpe.save_model(str(path))
    tokenizer = GPT2TokenizerFast if decodes else RobertaTokenizerFast
    tokenizer.from_pretrained(path).save_pretrained(path)
    if name in SENTENCE:
        _save_modules(folder / name, SENTENCE[name])
    _save(kind, config, path)
    return folder / name


def _save_modules(folder: Path, transformer: str) -> None:
    """Write the list of modules of a sentence encoder."""
    modules = [("Transformer", transformer), ("Pooling", "1_Pooling")]
    listed = [{"path": path, "type": f"sentence_transformers.models.{n}"} for n, path in modules]
    (folder / "modules.json").write_text(json.dumps(listed))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": true}')


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
