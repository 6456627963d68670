import shutil
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_models import CHARACTERS, PROMPTS
from transformers import (
    Wav2Vec2Config,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2ForCTC,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
    WhisperTokenizer,
)

from mdat_data import InputError
from mdat_extract.asr.recognizer import Recognizer, load_recognizer
from mdat_extract.encoders.locate import locate

RNG = np.random.default_rng(1)
WAVEFORM = (RNG.normal(size=16_000) * np.linspace(0, 0.3, 16_000)).astype("float32")
END = PROMPTS["<|endoftext|>"]


def load(folder: Path) -> Recognizer:
    return load_recognizer(locate(str(folder)), device="cpu")


def copy(models: Path, name: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(models / name, tmp_path / name))


def remove_weights(folder: Path, key: str) -> None:
    weights = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in weights.items() if key not in name}
    assert len(kept) < len(weights)
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})


def characters(folder: Path, waveform: np.ndarray) -> str:
    """The text of a CTC model, by hand: the most likely character of each frame, no repeats."""
    inputs = Wav2Vec2FeatureExtractor.from_pretrained(folder)(
        waveform, sampling_rate=16_000, return_tensors="pt"
    )
    with torch.inference_mode():
        frames = Wav2Vec2ForCTC.from_pretrained(folder).eval()(**inputs).logits[0].argmax(-1)
    found = [CHARACTERS[number] for number, _ in groupby(frames.tolist())]
    text = "".join(c for c in found if c not in ("<pad>", "<s>", "</s>", "<unk>"))
    return " ".join(text.replace("|", " ").split())


def greedy(folder: Path, waveform: np.ndarray, *prompt: str) -> str:
    """The text of a Whisper model after a prompt, by hand: the most likely byte, one by one."""
    features = WhisperFeatureExtractor.from_pretrained(folder)(
        waveform, sampling_rate=16_000, return_tensors="pt"
    ).input_features
    model = WhisperForConditionalGeneration.from_pretrained(folder).eval()
    tokens = [PROMPTS[f"<|{name}|>"] for name in ("startoftranscript", *prompt, "notimestamps")]
    start = len(tokens)
    while len(tokens) < model.config.max_target_positions and tokens[-1] != END:
        with torch.inference_mode():
            logits = model(features, decoder_input_ids=torch.tensor([tokens])).logits[0, -1]
        ends = len(tokens) > start  # not at once
        tokens.append(int(logits[: END + ends].argmax()))
    tokenizer = WhisperTokenizer.from_pretrained(folder)
    return " ".join(tokenizer.decode(tokens[start:], skip_special_tokens=True).split())


def test_a_ctc_model_writes_its_most_likely_characters(models: Path) -> None:
    expected = characters(models / "ctc", WAVEFORM)
    assert load(models / "ctc").transcribe(WAVEFORM, "de") == expected
    assert len(set(expected)) >= 3


@pytest.mark.parametrize("language", ["de", "ur"])
def test_whisper_gets_the_language_and_the_task(language: str, models: Path) -> None:
    folder = models / "whisper"
    assert load(folder).transcribe(WAVEFORM, language) == greedy(
        folder, WAVEFORM, language, "transcribe"
    )


def test_the_language_makes_a_difference(models: Path) -> None:
    whisper = load(models / "whisper")
    texts = [whisper.transcribe(WAVEFORM, language) for language in ("de", "ur")]
    assert texts[0] != texts[1] and all(texts)


def test_whisper_processes_long_recordings_in_pieces(models: Path) -> None:
    whisper = load(models / "whisper")
    pieces = (WAVEFORM, WAVEFORM[::-1].copy(), WAVEFORM[:100])
    assert whisper.transcribe(np.concatenate(pieces), "de") == " ".join(
        whisper.transcribe(piece, "de") for piece in pieces
    )


def test_an_english_whisper_gets_no_language(models: Path) -> None:
    folder = models / "whisper.en"
    assert load(folder).transcribe(WAVEFORM, "en") == greedy(folder, WAVEFORM)


@pytest.mark.parametrize(
    ("name", "language", "known"),
    [("whisper", "en", "de, ur"), ("whisper", "und", "de, ur"), ("whisper.en", "de", "en")],
)
def test_a_language_that_whisper_does_not_know_is_refused(
    name: str, language: str, known: str, models: Path
) -> None:
    with pytest.raises(InputError, match=rf"knows \({known}\), got {language!r}. Use"):
        load(models / name).check_language(language)


@pytest.mark.parametrize(
    ("name", "key", "message"),
    [
        ("ctc", "lm_head", "lacks 2 weights, the first 'lm_head.bias'"),
        ("whisper", "fc1", "lacks 4"),
    ],
)
def test_missing_weights_are_refused(
    name: str, key: str, message: str, models: Path, tmp_path: Path
) -> None:
    folder = copy(models, name, tmp_path)
    remove_weights(folder, key)
    with pytest.raises(InputError, match=message):
        load(folder)


def test_weights_for_training_may_be_missing(models: Path, tmp_path: Path) -> None:
    folder = copy(models, "ctc", tmp_path)
    remove_weights(folder, "masked_spec_embed")
    load(folder)


@pytest.mark.parametrize(
    ("name", "message"),
    [("xls-r", "what AutoTokenizer needs"), ("roberta", "what AutoFeatureExtractor needs")],
)
def test_a_model_that_recognises_no_speech_is_refused(
    name: str, message: str, models: Path
) -> None:
    with pytest.raises(InputError, match=message):
        load(models / name)


def test_a_model_with_an_adapter_for_each_language_is_refused(models: Path, tmp_path: Path) -> None:
    folder = copy(models, "ctc", tmp_path)
    config = Wav2Vec2Config.from_pretrained(folder, adapter_attn_dim=4)
    Wav2Vec2ForCTC(config).save_pretrained(folder)
    with pytest.raises(InputError, match="an adapter for each language, which is not supported"):
        load(folder)
