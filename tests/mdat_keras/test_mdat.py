import math
import os
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from mdat_keras import PRESETS, CoAttention, MDATConfig, build_model

# Table VI: which parts are on, and the weights that are then trained from 1024 and 768 features.
ABLATIONS = [
    # graph, co, transformer, paper, base
    (True, True, True, 55_359_748, 4_076_292),
    (True, True, False, 4_987_140, 920_324),
    (True, False, False, 2_363_652, 657_668),
    (False, True, False, 3_936_516, 854_276),
    (False, False, True, 13_916_420, 1_383_172),
    (False, True, True, 54_309_124, 4_010_244),
    (True, False, True, 14_967_044, 1_449_220),
]
SMALL = MDATConfig(classes=3, projection=8, encoder_heads=2, head_units=6)
PAPER = replace(PRESETS["paper"], classes=3, encoder_heads=2, head_units=6)
# Together they take every way through the builder.
VARIANTS = {
    "base": SMALL,
    "paper": PAPER,
    "modality": replace(
        SMALL, graph_scope="modality", graph_heads=2, units=4, residual=False, encoder_layers=2
    ),
    "broadcast": replace(SMALL, graph_scores="broadcast"),
    "own": replace(SMALL, graph_heads=2, co_context="own", speech_layers=2),
    "parts off": replace(SMALL, graph_attention=False, co_attention=False, transformer=False),
}
every_variant = pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)


def trained(model: keras.Model) -> int:
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def probabilities(model: keras.Model, inputs: dict[str, np.ndarray]) -> np.ndarray:
    return np.array(model(inputs))


@pytest.fixture
def dtype_policy(request: pytest.FixtureRequest) -> Any:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy(before)


@pytest.mark.parametrize(("graph", "co", "transformer", "paper", "base"), ABLATIONS)
def test_weights_of_the_ablations(
    graph: bool, co: bool, transformer: bool, paper: int, base: int
) -> None:
    parts = {"graph_attention": graph, "co_attention": co, "transformer": transformer}
    counts = {
        name: trained(build_model(replace(preset, **parts), speech_dim=1024, text_dim=768))
        for name, preset in PRESETS.items()
    }
    assert counts == {"paper": paper, "base": base}


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"graph_scope": "modality"}, 4_142_340),
        ({"projection": 128}, 1_203_204),
        ({"projection": None, "units": 256, "residual": False}, 4_601_092),
    ],
)
def test_weights_of_other_widths(changes: dict[str, Any], count: int) -> None:
    assert trained(build_model(replace(PRESETS["base"], **changes), 1024, 768)) == count


@every_variant
def test_gives_probabilities(config: MDATConfig, batch: Any) -> None:
    output = probabilities(build_model(config, 12, 10), batch())
    assert (output.shape, output.dtype) == ((3, 3), np.float32)
    np.testing.assert_allclose(output.sum(axis=-1), 1, atol=1e-6)


@every_variant
def test_padding_changes_nothing(config: MDATConfig, batch: Any) -> None:
    model = build_model(config, 12, 10)
    expected = probabilities(model, batch())[:2]  # the third has no real step
    output = probabilities(model, batch(padding=(2, 5)))[:2]
    np.testing.assert_allclose(output, expected, atol=1e-6)


@every_variant
def test_every_trained_weight_gets_a_gradient(config: MDATConfig, batch: Any) -> None:
    model = build_model(config, 12, 10)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(batch())[:, 0])
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_weights])
    still = [
        weight.path
        for weight, gradient in zip(model.trainable_weights, gradients, strict=True)
        if not np.any(gradient) and not weight.path.endswith("key/bias")
    ]
    assert still == []


@pytest.mark.parametrize(
    "dtype_policy", ["mixed_float16", "float16", "mixed_bfloat16"], indirect=True
)
def test_float32_probabilities_in_half_precision(dtype_policy: str, batch: Any) -> None:
    output = probabilities(build_model(VARIANTS["own"], 12, 10), batch())
    assert output.dtype == np.float32
    np.testing.assert_allclose(output.sum(axis=-1), 1, atol=1e-6)


def test_statistics_are_saved_with_the_model(tmp_path: Path, batch: Any) -> None:
    model = build_model(SMALL, 12, 10)
    before = probabilities(model, batch())
    model.get_layer("speech_standardize").set_statistics(np.full(12, 0.5), np.full(12, 2.0))
    model.get_layer("text_standardize").set_statistics(np.full(10, -0.5), np.full(10, 0.5))
    after = probabilities(model, batch())
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(probabilities(loaded, batch()), after)
    assert not np.allclose(before, after, atol=1e-3)


ELSEWHERE = """
import sys
import keras
import mdat_keras
import numpy as np

model, batch, output = sys.argv[1:]
loaded = keras.saving.load_model(model)
np.save(output, loaded.predict_on_batch(dict(np.load(batch))))
"""


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_a_fresh_process_of_any_backend_gives_the_same(
    backend: str, tmp_path: Path, batch: Any
) -> None:
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    model = build_model(VARIANTS["own"], 12, 10)
    files = [str(tmp_path / name) for name in ("model.keras", "batch.npz", "output.npy")]
    model.save(files[0])
    np.savez(files[1], **batch())
    environment = {**os.environ, "KERAS_BACKEND": backend}
    subprocess.run([sys.executable, "-c", ELSEWHERE, *files], env=environment, check=True)
    np.testing.assert_allclose(np.load(files[2]), probabilities(model, batch()), atol=1e-5)


def test_units_of_the_co_attention_follow_the_nodes() -> None:
    model = build_model(replace(PAPER, graph_attention=False), 12, 10)
    (layer,) = [layer for layer in model.layers if isinstance(layer, CoAttention)]
    assert layer.units == 12


def test_an_unknown_configuration_is_refused() -> None:
    with pytest.raises(TypeError, match="config must be a MDATConfig; got dict"):
        build_model({}, 12, 10)
