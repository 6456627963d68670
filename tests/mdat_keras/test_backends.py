"""A saved model opens in a fresh process and gives the same numbers on every backend."""

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mdat_keras import MDATConfig, build_model

# The fullest model: every layer of the package, in every way that a backend could see differently.
FULL = MDATConfig(
    projection=8,
    graph_heads=2,
    co_context="own",
    encoder_heads=2,
    head_units=6,
    speech_layers=2,
)
PROGRAM = """
import sys
import keras
import mdat_keras
import numpy as np

model, batch, output = sys.argv[1:]
loaded = keras.saving.load_model(model)
np.save(output, loaded.predict_on_batch(dict(np.load(batch))))
"""
BACKENDS = ["tensorflow", "jax", "torch"]


@dataclass(frozen=True)
class Elsewhere:
    expected: np.ndarray
    folder: Path
    processes: dict[str, subprocess.Popen]

    def output(self, backend: str) -> np.ndarray:
        assert self.processes[backend].wait() == 0
        return np.load(self.folder / f"{backend}.npy")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, batch: Any) -> Elsewhere:
    """Start all backends at once: most of the time goes into their imports."""
    folder = tmp_path_factory.mktemp("backends")
    model = build_model(FULL, 12, 10)
    model.save(folder / "model.keras")
    np.savez(folder / "batch.npz", **batch())
    files = [str(folder / "model.keras"), str(folder / "batch.npz")]
    processes = {
        backend: subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *files, str(folder / f"{backend}.npy")],
            env={**os.environ, "KERAS_BACKEND": backend},
        )
        for backend in BACKENDS
        if find_spec(backend)
    }
    return Elsewhere(np.array(model(batch())), folder, processes)


@pytest.mark.parametrize("backend", BACKENDS)
def test_saved_model_gives_the_same(backend: str, elsewhere: Elsewhere) -> None:
    if backend not in elsewhere.processes:
        pytest.skip(f"{backend} is not installed")
    np.testing.assert_allclose(elsewhere.output(backend), elsewhere.expected, atol=1e-5)
