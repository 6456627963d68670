from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models
import torch
from safetensors import safe_open
from transformers import AutoFeatureExtractor, AutoModel, AutoModelForAudioClassification

from mdat_extract.encoders.locate import locate
from mdat_extract.encoders.whisper import Whisper

HOW = {"device": "cpu", "precision": "float32"}
STATES = tuple(str(number) for number in range(tiny_models.DEPTH + 1))
WINDOW = 16_000
"""Samples of a window of the tiny models."""

RNG = np.random.default_rng(1)
WAVEFORMS = [RNG.normal(0.01, 0.1, n).astype("float32") for n in (8_123, 400, 16_000, 321)]
LONG = RNG.normal(0.01, 0.1, 2 * WINDOW + 5_000).astype("float32")


def public(folder: Path, waveform: np.ndarray) -> dict[str, np.ndarray]:
    """What the encoder gives for one window through its public call, cut to the waveform."""
    mel = AutoFeatureExtractor.from_pretrained(folder)(
        waveform, sampling_rate=16_000, return_tensors="pt"
    ).input_features
    heads = {"whisper-emotion": AutoModelForAudioClassification}
    model = heads.get(folder.name, AutoModel).from_pretrained(folder, dtype=torch.float32).eval()
    # Its list of hidden states has the output of the final layer norm in place of the last one.
    seen: list[torch.Tensor] = []
    first, *_ = layers = model.encoder.layers
    first.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    [layer.register_forward_hook(lambda _, __, output: seen.append(output)) for layer in layers]
    with torch.inference_mode():
        last = model.encoder(mel).last_hidden_state
    states = dict(zip((*STATES, "last"), (*seen, last), strict=True))
    steps = -(-len(waveform) // 320)
    return {layer: state[0, :steps].numpy() for layer, state in states.items()}


def error(expected: dict[str, np.ndarray], got: dict[str, np.ndarray]) -> float:
    """The largest relative error of a layer."""
    return max(
        float(np.linalg.norm(rows - got[layer]) / np.linalg.norm(rows))
        for layer, rows in expected.items()
    )


def load(folder: Path, *layers: str, together: int | None = None) -> Whisper:
    return Whisper.load(locate(str(folder)), layers=layers, **HOW, together=together)


def recorded_reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the weights whose values are read from a file from now on."""
    read: list[str] = []

    class Weights:
        def __init__(self, *where: Any, **how: Any) -> None:
            self.file = safe_open(*where, **how)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

        def get_slice(self, key: str) -> "Slice":
            return Slice(key, self.file.get_slice(key))

    class Slice:
        def __init__(self, key: str, of: Any) -> None:
            self.key, self.of = key, of

        def __getattr__(self, name: str) -> Any:
            return getattr(self.of, name)

        def __getitem__(self, part: Any) -> torch.Tensor:
            read.append(self.key)
            return self.of[part]

    monkeypatch.setattr("transformers.modeling_utils.safe_open", Weights)
    return read


@pytest.mark.parametrize("together", [1, 3])
@pytest.mark.parametrize("name", tiny_models.WHISPER_ENCODERS)
def test_every_layer_is_what_the_encoder_gives_for_the_utterance_alone(
    name: str, together: int, models: Path
) -> None:
    encoder = load(models / name, *STATES, "last", together=together)
    batch = encoder.encode(WAVEFORMS)
    expected = [public(models / name, waveform) for waveform in WAVEFORMS]
    assert max(error(e, got) for e, got in zip(expected, batch, strict=True)) < 1e-5


@pytest.mark.parametrize("layer", [*STATES, "last"])
def test_a_layer_alone_is_the_same_although_deeper_ones_are_not_computed(
    layer: str, models: Path
) -> None:
    [got] = load(models / "whisper-tiny", layer).encode(WAVEFORMS[:1])
    expected = public(models / "whisper-tiny", WAVEFORMS[0])[layer]
    np.testing.assert_allclose(got[layer], expected, rtol=1e-4, atol=1e-5)


def test_layers_behind_the_deepest_are_removed(models: Path) -> None:
    encoder = load(models / "whisper-tiny", "1")
    assert len(encoder._model.encoder.layers) == 1


def test_a_step_is_320_samples_and_the_last_may_be_shorter(models: Path) -> None:
    encoder = load(models / "whisper-tiny", "last")
    steps = [len(features["last"]) for features in encoder.encode(WAVEFORMS)]
    assert steps == [26, 2, 50, 2]
    assert encoder.frames_per_second == 50


def test_a_longer_recording_is_that_of_its_windows_one_after_the_other(models: Path) -> None:
    encoder = load(models / "whisper-tiny", "1", "last")
    [whole, after] = encoder.encode([LONG, WAVEFORMS[1]])
    pieces = encoder.encode([LONG[start : start + WINDOW] for start in (0, WINDOW, 2 * WINDOW)])
    assert [len(piece["last"]) for piece in pieces] == [50, 50, 16]
    for layer in ("1", "last"):
        np.testing.assert_array_equal(whole[layer], np.concatenate([p[layer] for p in pieces]))
    assert len(after["last"]) == 2


@pytest.mark.parametrize("name", tiny_models.WHISPER_ENCODERS)
def test_the_decoder_is_never_in_memory(
    name: str, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = recorded_reading(monkeypatch)
    encoder = load(models / name, "last")
    assert len(read) == len(set(read)) == 7 + 15 * tiny_models.DEPTH
    assert not [key for key in (*read, *encoder._model.state_dict()) if "decoder" in key]


def test_bfloat16_is_near_and_returned_as_float32(models: Path) -> None:
    exact, fast = (
        Whisper.load(
            locate(str(models / "whisper-tiny")), layers=["last"], device="cpu", precision=precision
        ).encode(WAVEFORMS[:1])[0]["last"]
        for precision in ("float32", "bfloat16")
    )
    assert fast.dtype == np.float32
    assert 1e-4 < np.linalg.norm(exact - fast) / np.linalg.norm(exact) < 0.05
