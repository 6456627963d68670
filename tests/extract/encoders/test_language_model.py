import shutil
from pathlib import Path

import numpy as np
import pytest
import tiny_models
import torch
from transformers import AutoModel, AutoTokenizer

from mdat_data import InputError
from mdat_extract.encoders.language_model import LanguageModel
from mdat_extract.encoders.pretrained import locate

HOW = {"device": "cpu", "precision": "float32"}
STATES = tuple(str(number) for number in range(tiny_models.DEPTH + 1))
TEXTS = ["das ist ein Tuch", "", "größer " * 30]


def alone(folder: Path, text: str) -> list[np.ndarray]:
    """All hidden states and the last one of one text through the public call."""
    tokens = AutoTokenizer.from_pretrained(folder)(
        text, truncation=True, max_length=tiny_models.MAX_TOKENS, return_tensors="pt"
    )
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.inference_mode():
        output = model(**tokens, output_hidden_states=True)
    return [state[0].numpy() for state in (*output.hidden_states, output.last_hidden_state)]


@pytest.mark.parametrize("name", tiny_models.TEXT)
def test_every_layer_is_what_the_model_gives_for_the_text_alone(name: str, models: Path) -> None:
    encoder = LanguageModel.load(locate(str(models / name)), layers=(*STATES, "last"), **HOW)
    batch = [rows for features in encoder.encode(TEXTS) for rows in features.values()]
    expected = [rows for text in TEXTS for rows in alone(models / name, text)]
    errors = [
        np.linalg.norm(a - b) / np.linalg.norm(a) for a, b in zip(expected, batch, strict=True)
    ]
    assert max(errors) < 1e-5


@pytest.mark.parametrize("name", tiny_models.TEXT)
def test_long_texts_are_cut_at_the_last_position_of_the_model(name: str, models: Path) -> None:
    encoder = LanguageModel.load(locate(str(models / name)), layers=["last"], **HOW)
    [features] = encoder.encode([TEXTS[2]])
    assert len(features["last"]) == encoder.max_tokens == tiny_models.MAX_TOKENS
    assert [encoder.cuts(text) for text in TEXTS] == [False, False, True]


@pytest.mark.parametrize("name", tiny_models.TEXT)
@pytest.mark.parametrize("text", TEXTS)
def test_there_is_a_token_for_every_row(name: str, text: str, models: Path) -> None:
    encoder = LanguageModel.load(locate(str(models / name)), layers=["last"], **HOW)
    tokens = encoder.tokens(text)
    [features] = encoder.encode([text])
    assert len(tokens) == len(features["last"])
    assert (tokens[0], tokens[-1]) == ("<s>", "</s>")


def test_tokens_are_the_entries_of_the_vocabulary(models: Path) -> None:
    encoder = LanguageModel.load(locate(str(models / "roberta")), layers=["last"], **HOW)
    assert encoder.tokens("das T") == ("<s>", "d", "a", "s", "Ġ", "T", "</s>")


def test_an_empty_text_keeps_beginning_and_end(models: Path) -> None:
    [features] = LanguageModel.load(locate(str(models / "roberta")), layers=["last"], **HOW).encode(
        [""]
    )
    assert features["last"].shape == (2, tiny_models.DIM)


@pytest.mark.parametrize("name", tiny_models.TEXT)
@pytest.mark.parametrize("kept", [[], ["tokenizer_config.json"], ["vocab.json"]])
def test_a_folder_without_tokenizer_is_refused(
    name: str, kept: list[str], models: Path, tmp_path: Path
) -> None:
    [
        shutil.copy(models / name / file, tmp_path)
        for file in ("config.json", "model.safetensors", *kept)
    ]
    with pytest.raises(InputError, match="expected what AutoTokenizer needs in .*save_pretrained"):
        LanguageModel.load(locate(str(tmp_path)), layers=["last"], **HOW)
