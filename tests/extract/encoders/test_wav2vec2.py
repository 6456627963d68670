from pathlib import Path

import numpy as np
import pytest
import tiny_models
import torch
from transformers import AutoFeatureExtractor, AutoModel, Wav2Vec2Config, Wav2Vec2Model

from mdat_data import InputError
from mdat_extract.encoders.locate import locate
from mdat_extract.encoders.pretrained import load_model
from mdat_extract.encoders.wav2vec2 import Wav2Vec2, _SplitModel

HOW = {"device": "cpu", "precision": "float32"}
STATES = tuple(str(number) for number in range(tiny_models.DEPTH + 1))
RNG = np.random.default_rng(1)
WAVEFORMS = [RNG.normal(0.01, 0.1, n).astype("float32") for n in (8_123, 400, 6_000)]

# WavLM calls torch's attention so that torch warns.
pytestmark = pytest.mark.filterwarnings("ignore:Support for mismatched key_padding_mask")


def alone(folder: Path, waveform: np.ndarray) -> dict[str, np.ndarray]:
    """What the model gives for one waveform through its public call, by layer."""
    prepare = AutoFeatureExtractor.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    inputs = prepare(waveform, sampling_rate=16_000, return_tensors="pt").input_values
    with torch.inference_mode():
        output = model(inputs, output_hidden_states=True)
    states = dict(zip(STATES, output.hidden_states, strict=True)) | {
        "last": output.last_hidden_state
    }
    return {layer: state[0].numpy() for layer, state in states.items()}


def error(expected: dict[str, np.ndarray], got: dict[str, np.ndarray]) -> float:
    """The largest relative error of a layer."""
    return max(
        float(np.linalg.norm(expected[layer] - got[layer]) / np.linalg.norm(expected[layer]))
        for layer in (*STATES, "last")
    )


@pytest.mark.parametrize("together", [1, 3])
@pytest.mark.parametrize("name", tiny_models.WAV2VEC2)
def test_every_layer_is_what_the_model_gives_for_the_utterance_alone(
    name: str, together: int, models: Path
) -> None:
    folder = models / name
    encoder = Wav2Vec2.load(locate(str(folder)), layers=(*STATES, "last"), **HOW, together=together)
    batch = encoder.encode(WAVEFORMS)
    errors = [error(alone(folder, w), got) for w, got in zip(WAVEFORMS, batch, strict=True)]
    assert max(errors) < 1e-5


@pytest.mark.parametrize("name", tiny_models.WAV2VEC2)
def test_convolutions_of_a_batch_are_exact_where_a_graphics_card_computes_them(
    name: str, models: Path
) -> None:
    source = locate(str(models / name))
    encoder = Wav2Vec2.load(source, layers=(*STATES, "last"), **HOW)
    encoder._model = _SplitModel.of(load_model(source, torch.device("cpu")), one_by_one=False)
    batch = encoder.encode(WAVEFORMS)
    errors = [error(alone(models / name, w), g) for w, g in zip(WAVEFORMS, batch, strict=True)]
    assert max(errors) < 1e-5


def test_frames_are_20_ms_apart(models: Path) -> None:
    encoder = Wav2Vec2.load(locate(str(models / "xls-r")), layers=["last"], **HOW)
    [features] = encoder.encode([WAVEFORMS[0]])
    assert encoder.frames_per_second == 50
    assert len(features["last"]) == (len(WAVEFORMS[0]) - 80) // 320


def test_bfloat16_is_near_and_returned_as_float32(models: Path) -> None:
    how = {"layers": ["last"], "device": "cpu"}
    exact, fast = (
        Wav2Vec2.load(locate(str(models / "xls-r")), **how, precision=precision).encode(
            WAVEFORMS[:1]
        )[0]["last"]
        for precision in ("float32", "bfloat16")
    )
    assert fast.dtype == np.float32
    assert 1e-4 < np.linalg.norm(exact - fast) / np.linalg.norm(exact) < 0.05


def test_normalised_weights_are_computed_once(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = Wav2Vec2.load(locate(str(models / "xls-r")), layers=["last"], **HOW)
    monkeypatch.delattr(torch, "_weight_norm")
    encoder.encode(WAVEFORMS)


def test_an_adapter_is_refused(models: Path, tmp_path: Path) -> None:
    config = Wav2Vec2Config.from_pretrained(models / "xls-r", add_adapter=True)
    Wav2Vec2Model(config).save_pretrained(tmp_path)
    AutoFeatureExtractor.from_pretrained(models / "xls-r").save_pretrained(tmp_path)
    with pytest.raises(InputError, match="adapter"):
        Wav2Vec2.load(locate(str(tmp_path)), layers=["last"], **HOW)


def test_another_sampling_rate_is_refused(tmp_path: Path) -> None:
    folder = tiny_models.save_speech_model("wav2vec2-base", tmp_path)
    extractor = AutoFeatureExtractor.from_pretrained(folder)
    extractor.sampling_rate = 8_000
    extractor.save_pretrained(folder)
    with pytest.raises(InputError, match="8000 Hz"):
        Wav2Vec2.load(locate(str(folder)), layers=["last"], **HOW)
