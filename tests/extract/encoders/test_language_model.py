import shutil
from pathlib import Path

import numpy as np
import pytest
import tiny_models
import torch
from transformers import (
    AutoModel,
    AutoTokenizer,
    BartConfig,
    BartModel,
    ViTConfig,
    ViTModel,
)

from mdat_data import InputError
from mdat_extract.encoders import text_encoder
from mdat_extract.encoders.language_model import LanguageModel
from mdat_extract.encoders.locate import locate

HOW = {"device": "cpu", "precision": "float32"}
STATES = tuple(str(number) for number in range(tiny_models.DEPTH + 1))
TEXTS = ["das ist ein Tuch", "", "größer " * 30]
ENCODERS = [name for name in tiny_models.TEXT if name not in tiny_models.DECODERS]


def load(folder: Path, *layers: str, prefix: str = "") -> LanguageModel:
    return LanguageModel.load(locate(str(folder)), layers=layers or ("last",), **HOW, prefix=prefix)


def alone(folder: Path, text: str) -> list[np.ndarray]:
    """All hidden states and the last one of one text through the public call."""
    inside = folder / tiny_models.SENTENCE.get(folder.name, "")
    tokens = AutoTokenizer.from_pretrained(inside)(
        text, truncation=True, max_length=tiny_models.MAX_TOKENS, return_tensors="pt"
    )
    model = AutoModel.from_pretrained(inside, dtype=torch.float32).eval()
    with torch.inference_mode():
        output = model(**tokens, output_hidden_states=True)
    return [state[0].numpy() for state in (*output.hidden_states, output.last_hidden_state)]


@pytest.mark.parametrize("name", tiny_models.TEXT)
def test_every_layer_is_what_the_model_gives_for_the_text_alone(name: str, models: Path) -> None:
    encoder = load(models / name, *STATES, "last")
    batch = [rows for features in encoder.encode(TEXTS) for rows in features.values()]
    seen = [text or ("<|endoftext|>" if encoder.causal else "") for text in TEXTS]
    expected = [rows for text in seen for rows in alone(models / name, text)]
    errors = [
        np.linalg.norm(a - b) / np.linalg.norm(a) for a, b in zip(expected, batch, strict=True)
    ]
    assert max(errors) < 1e-5


@pytest.mark.parametrize("name", tiny_models.TEXT)
def test_long_texts_are_cut_at_the_last_position_of_the_model(name: str, models: Path) -> None:
    encoder = load(models / name)
    [features] = encoder.encode([TEXTS[2]])
    assert len(features["last"]) == encoder.max_tokens == tiny_models.MAX_TOKENS
    assert [encoder.cuts(text) for text in TEXTS] == [False, False, True]


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("text", TEXTS)
def test_there_is_a_token_for_every_row(name: str, text: str, models: Path) -> None:
    encoder = load(models / name)
    tokens = encoder.tokens(text)
    [features] = encoder.encode([text])
    assert len(tokens) == len(features["last"])
    assert (tokens[0], tokens[-1]) == ("<s>", "</s>")


def test_tokens_are_the_entries_of_the_vocabulary(models: Path) -> None:
    assert load(models / "roberta").tokens("das T") == ("<s>", "d", "a", "s", "Ġ", "T", "</s>")


def test_an_empty_text_keeps_beginning_and_end(models: Path) -> None:
    [features] = load(models / "roberta").encode([""])
    assert features["last"].shape == (2, tiny_models.DIM)


@pytest.mark.parametrize("name", tiny_models.DECODERS)
def test_for_a_decoder_an_empty_text_is_the_token_of_beginning(name: str, models: Path) -> None:
    encoder = load(models / name)
    assert encoder.tokens("") == ("<|endoftext|>",)
    assert [len(features["last"]) for features in encoder.encode(["", "das"])] == [1, 3]


@pytest.mark.parametrize("name", tiny_models.TEXT)
def test_it_is_known_whether_a_token_sees_only_the_past(name: str, models: Path) -> None:
    assert load(models / name).causal == (name in tiny_models.DECODERS)


def test_a_long_context_is_not_cut(models: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(models / "modernbert", tmp_path / "long")
    config = (folder / "config.json").read_text().replace(": 20,", ": 8192,", 1)
    assert '"max_position_embeddings": 8192' in config
    (folder / "config.json").write_text(config)
    encoder = load(folder)
    [features] = encoder.encode(["größer " * 100])
    assert encoder.max_tokens == 8192
    assert len(features["last"]) == len(encoder.tokens("größer " * 100)) > 800


def test_a_prefix_is_put_before_every_text_and_has_rows_of_its_own(models: Path) -> None:
    encoder = load(models / "roberta", prefix="das: ")
    batch = [features["last"] for features in encoder.encode(["ein", ""])]
    for text, rows in zip(("das: ein", "das: "), batch, strict=True):
        np.testing.assert_allclose(rows, alone(models / "roberta", text)[-1], atol=1e-5)
    assert encoder.tokens("") == ("<s>", "d", "a", "s", ":", "Ġ", "</s>")
    assert encoder.cuts("a" * 14)
    assert not load(models / "roberta").cuts("a" * 14)


def test_a_prefix_for_an_encoder_without_a_model_is_refused() -> None:
    with pytest.raises(InputError, match=r"--text-prefix 'query: ' with a language model"):
        text_encoder("char-ngram", layers=["last"], **HOW, prefix="query: ")


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        (BartModel, BartConfig(vocab_size=300, d_model=16, encoder_layers=1, decoder_layers=1)),
        (ViTModel, ViTConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2)),
    ],
)
def test_a_model_that_is_made_for_something_else_is_refused(
    kind: type, config: object, models: Path, tmp_path: Path
) -> None:
    shutil.copytree(models / "roberta", tmp_path / "other")
    kind(config).save_pretrained(tmp_path / "other")
    with pytest.raises(InputError, match="expected a language model such as .*, got other of the"):
        load(tmp_path / "other")


@pytest.mark.parametrize("name", ["roberta", "xlm-roberta", "bert"])
@pytest.mark.parametrize("kept", [[], ["tokenizer_config.json"], ["vocab.json"]])
def test_a_folder_without_tokenizer_is_refused(
    name: str, kept: list[str], models: Path, tmp_path: Path
) -> None:
    [
        shutil.copy(models / name / file, tmp_path)
        for file in ("config.json", "model.safetensors", *kept)
    ]
    with pytest.raises(InputError, match="expected what AutoTokenizer needs in .*save_pretrained"):
        load(tmp_path)
