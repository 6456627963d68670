"""Saves models of real size with random weights, as real ones are saved.

They replace the real models where no weights can be downloaded: loading and encoding take as long,
but the features mean nothing.

    python benchmarks/random_models.py --out models

The encoder of Whisper-large-v3 is saved without its decoder, which is not used; it takes 1.3 GB.
"""

from pathlib import Path

import click
import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    RobertaTokenizerFast,
    SeamlessM4TFeatureExtractor,
    Wav2Vec2BertConfig,
    Wav2Vec2BertModel,
    Wav2Vec2Config,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2Model,
    WhisperConfig,
    WhisperFeatureExtractor,
    XLMRobertaConfig,
    XLMRobertaModel,
)
from transformers.models.whisper.modeling_whisper import WhisperEncoder

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def xls_r_300m() -> Wav2Vec2Config:
    """The configuration of XLS-R-300M."""
    return Wav2Vec2Config(
        hidden_size=1024,
        num_hidden_layers=24,
        num_attention_heads=16,
        intermediate_size=4096,
        feat_extract_norm="layer",
        do_stable_layer_norm=True,
        conv_bias=True,
    )


def whisper_large_v3() -> WhisperConfig:
    """The configuration of Whisper-large-v3."""
    return WhisperConfig(
        d_model=1280,
        encoder_layers=32,
        encoder_attention_heads=20,
        encoder_ffn_dim=5120,
        num_mel_bins=128,
        vocab_size=51_866,
    )


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of all.")
def main(out: Path) -> None:
    """Save the models with random weights, each in a folder of its own."""
    torch.manual_seed(0)
    Wav2Vec2Model(xls_r_300m()).save_pretrained(out / "xls-r-300m")
    Wav2Vec2FeatureExtractor(do_normalize=True).save_pretrained(out / "xls-r-300m")
    # The configuration of w2v-BERT 2.0 is the default of its class.
    Wav2Vec2BertModel(Wav2Vec2BertConfig()).save_pretrained(out / "w2v-bert-2.0")
    SeamlessM4TFeatureExtractor().save_pretrained(out / "w2v-bert-2.0")
    whisper = whisper_large_v3()
    WhisperEncoder(whisper).half().save_pretrained(out / "whisper-large-v3")
    WhisperFeatureExtractor(whisper.num_mel_bins).save_pretrained(out / "whisper-large-v3")

    bpe = ByteLevelBPETokenizer()
    bpe.train_from_iterator([], special_tokens=SPECIAL)
    text = out / "xlm-roberta-base"
    text.mkdir(parents=True, exist_ok=True)
    bpe.save_model(str(text))
    RobertaTokenizerFast.from_pretrained(text).save_pretrained(text)
    vocabulary = XLMRobertaConfig(vocab_size=250_002, max_position_embeddings=514)
    XLMRobertaModel(vocabulary).save_pretrained(text)


if __name__ == "__main__":
    main()
