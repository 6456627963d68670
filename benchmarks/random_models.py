"""Saves an XLS-R-300M and an XLM-R-base of real size with random weights, as real ones are saved.

They replace the real models where no weights can be downloaded: loading and encoding take as long,
but the features mean nothing.

    python benchmarks/random_models.py --out models
"""

from pathlib import Path

import click
import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    RobertaTokenizerFast,
    Wav2Vec2Config,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2Model,
    XLMRobertaConfig,
    XLMRobertaModel,
)

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of both.")
def main(out: Path) -> None:
    """Save xls-r-300m and xlm-roberta-base with random weights in a folder."""
    torch.manual_seed(0)
    speech = Wav2Vec2Config(
        hidden_size=1024,
        num_hidden_layers=24,
        num_attention_heads=16,
        intermediate_size=4096,
        feat_extract_norm="layer",
        do_stable_layer_norm=True,
        conv_bias=True,
    )
    Wav2Vec2Model(speech).save_pretrained(out / "xls-r-300m")
    Wav2Vec2FeatureExtractor(do_normalize=True).save_pretrained(out / "xls-r-300m")

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
