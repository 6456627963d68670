"""The PyTorch model of the benchmarks computes the same function as ours."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_networks import SPEECH_DIM, TEXT_DIM

from mdat_keras import PRESETS, build_model

torch = pytest.importorskip("torch")


def test_the_twin_in_pytorch_is_the_same_function(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
    from torch_mdat import TorchMDAT, take_weights

    ours = build_model(replace(PRESETS["base"], linear=0.0), SPEECH_DIM, TEXT_DIM)
    rng = np.random.default_rng(0)
    ours.set_weights([w + np.float32(rng.normal(size=w.shape) / 16) for w in ours.get_weights()])
    twin = TorchMDAT(SPEECH_DIM, TEXT_DIM).eval()
    take_weights(twin, {layer.name: layer.get_weights() for layer in ours.layers})
    inputs = {
        "speech": rng.normal(size=(3, 9, SPEECH_DIM)).astype("float32"),
        "speech_mask": np.arange(9) < np.array([[9], [4], [1]]),
        "text": rng.normal(size=(3, 5, TEXT_DIM)).astype("float32"),
        "text_mask": np.arange(5) < np.array([[2], [5], [1]]),
    }
    with torch.inference_mode():
        logits = twin(**{name: torch.from_numpy(array) for name, array in inputs.items()})
    expected = ours.predict_on_batch(inputs)
    assert np.ptp(expected, axis=0).max() > 0.01
    np.testing.assert_allclose(logits.softmax(-1), expected, atol=1e-5)
