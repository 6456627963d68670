from pathlib import Path

import numpy as np
import pytest
import tiny_models
import torch
from transformers import AutoFeatureExtractor, AutoModel, Wav2Vec2BertConfig, Wav2Vec2BertModel

from mdat_data import InputError
from mdat_extract.encoders.locate import locate
from mdat_extract.encoders.wav2vec2_bert import Wav2Vec2Bert

HOW = {"device": "cpu", "precision": "float32"}
STATES = tuple(str(number) for number in range(tiny_models.DEPTH + 1))
RNG = np.random.default_rng(1)
WAVEFORMS = [RNG.normal(0.01, 0.1, n).astype("float32") for n in (8_123, 560, 6_000, 6_300)]


def alone(folder: Path, waveform: np.ndarray) -> dict[str, np.ndarray]:
    """What the model gives for one waveform through its public call, by layer."""
    prepare = AutoFeatureExtractor.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    inputs = prepare(waveform, sampling_rate=16_000, return_tensors="pt")
    with torch.inference_mode():
        output = model(**inputs, output_hidden_states=True)
    states = dict(zip(STATES, output.hidden_states, strict=True))
    states["last"] = output.last_hidden_state
    steps = int(inputs.attention_mask.sum())
    return {layer: state[0, :steps].numpy() for layer, state in states.items()}


def error(expected: dict[str, np.ndarray], got: dict[str, np.ndarray]) -> float:
    """The largest relative error of a layer."""
    return max(
        float(np.linalg.norm(rows - got[layer]) / np.linalg.norm(rows))
        for layer, rows in expected.items()
    )


@pytest.mark.parametrize("together", [1, 4])
@pytest.mark.parametrize("name", tiny_models.WAV2VEC2_BERT)
def test_every_layer_is_what_the_model_gives_for_the_utterance_alone(
    name: str, together: int, models: Path
) -> None:
    source = locate(str(models / name))
    encoder = Wav2Vec2Bert.load(source, layers=(*STATES, "last"), **HOW, together=together)
    batch = encoder.encode(WAVEFORMS)
    expected = [alone(models / name, waveform) for waveform in WAVEFORMS]
    assert max(error(e, got) for e, got in zip(expected, batch, strict=True)) < 1e-5


def test_a_step_is_20_ms_and_the_shortest_recording_has_one(models: Path) -> None:
    encoder = Wav2Vec2Bert.load(locate(str(models / "w2v-bert")), layers=["last"], **HOW)
    samples = (400, 559, 560, 880, 16_000)
    encoded = encoder.encode([RNG.normal(0, 0.1, n).astype("float32") for n in samples])
    assert [len(features["last"]) for features in encoded] == [1, 1, 1, 2, 49]
    assert all(np.isfinite(features["last"]).all() for features in encoded)
    assert encoder.frames_per_second == 50


def test_an_adapter_is_refused(models: Path, tmp_path: Path) -> None:
    config = Wav2Vec2BertConfig.from_pretrained(models / "w2v-bert", add_adapter=True)
    Wav2Vec2BertModel(config).save_pretrained(tmp_path)
    AutoFeatureExtractor.from_pretrained(models / "w2v-bert").save_pretrained(tmp_path)
    with pytest.raises(InputError, match="adapter"):
        Wav2Vec2Bert.load(locate(str(tmp_path)), layers=["last"], **HOW)
