"""A saved model opens in a fresh process and gives the same numbers on every backend."""

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from small_networks import MODELS, SPEECH_DIM, TEXT_DIM, VARIANTS

import mdat_keras
from mdat_keras import build_model

# "mdat, own" has every layer of MDAT, with all options that could differ between backends.
SAVED = {"mdat, own": VARIANTS["mdat, own"]} | MODELS
PROGRAM = """
import sys
import keras
import mdat_keras
import numpy as np

batch, output, *models = sys.argv[1:]
inputs = dict(np.load(batch))
outputs = []
for path in models:
    model = keras.saving.load_model(path)
    # JAX compiles a whole model in less time than its operations one after the other.
    jax = keras.backend.backend() == "jax"
    outputs.append(model.predict_on_batch(inputs) if jax else model(inputs))
assert not any(name.startswith("mdat_train") for name in sys.modules)
np.save(output, [keras.ops.convert_to_numpy(keras.ops.stop_gradient(out)) for out in outputs])
"""
BACKENDS = ["tensorflow", "jax", "torch"]
# Without optimisation JAX compiles in two thirds of the time.
QUICK = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"

Models = list[keras.Model]


@dataclass(frozen=True)
class Elsewhere:
    expected: list[np.ndarray]
    folder: Path
    processes: dict[str, subprocess.Popen]

    def outputs(self, backend: str) -> np.ndarray:
        assert self.processes[backend].wait() == 0
        return np.load(self.folder / f"{backend}.npy")


@pytest.fixture(scope="module")
def models() -> Models:
    return [build_model(config, SPEECH_DIM, TEXT_DIM) for config in SAVED.values()]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, models: Models, batch: Any) -> Elsewhere:
    """Start all backends at the same time: most of the time is spent on imports."""
    folder = tmp_path_factory.mktemp("backends")
    files = [str(folder / f"{number}.keras") for number in range(len(models))]
    for model, file in zip(models, files, strict=True):
        model.save(file)
    np.savez(folder / "batch.npz", **batch())
    start = [sys.executable, "-c", PROGRAM, str(folder / "batch.npz")]
    processes = {
        backend: subprocess.Popen(
            [*start, str(folder / f"{backend}.npy"), *files],
            env={**os.environ, "KERAS_BACKEND": backend, "XLA_FLAGS": QUICK},
        )
        for backend in BACKENDS
        if find_spec(backend)
    }
    return Elsewhere([np.array(model(batch())) for model in models], folder, processes)


def test_every_layer_is_in_a_saved_model(models: Models) -> None:
    used = {type(layer) for model in models for layer in model._flatten_layers()}
    exported = [getattr(mdat_keras, name) for name in mdat_keras.__all__]
    layers = {v for v in exported if isinstance(v, type) and issubclass(v, keras.Layer)}
    assert layers <= used


@pytest.mark.parametrize("number", range(len(SAVED)), ids=SAVED)
@pytest.mark.parametrize("backend", BACKENDS)
def test_saved_model_gives_the_same(backend: str, number: int, elsewhere: Elsewhere) -> None:
    if backend not in elsewhere.processes:
        pytest.skip(f"{backend} is not installed")
    output = elsewhere.outputs(backend)[number]
    np.testing.assert_allclose(output, elsewhere.expected[number], atol=1e-5)
