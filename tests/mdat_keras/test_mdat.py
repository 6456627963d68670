import math
from collections.abc import Iterator
from dataclasses import replace
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


def trained(model: keras.Model) -> int:
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def probabilities(model: keras.Model, inputs: dict[str, np.ndarray]) -> np.ndarray:
    return np.array(model(inputs))


@pytest.fixture(scope="module", params=VARIANTS.values(), ids=VARIANTS)
def model(request: pytest.FixtureRequest) -> keras.Model:
    keras.utils.set_random_seed(7)
    return build_model(request.param, 12, 10)


@pytest.fixture
def dtype_policy(request: pytest.FixtureRequest) -> Iterator[None]:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield
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


def test_gives_probabilities(model: keras.Model, batch: Any) -> None:
    output = probabilities(model, batch())
    assert (output.shape, output.dtype) == ((3, 3), np.float32)
    np.testing.assert_allclose(output.sum(axis=-1), 1, atol=1e-6)


def test_padding_changes_nothing(model: keras.Model, batch: Any) -> None:
    expected = probabilities(model, batch())[:2]  # the third has no real step
    output = probabilities(model, batch(speech_padding=2, text_padding=5))[:2]
    np.testing.assert_allclose(output, expected, atol=1e-6)


def test_every_trained_weight_gets_a_gradient(model: keras.Model, batch: Any) -> None:
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
@pytest.mark.usefixtures("dtype_policy")
def test_float32_probabilities_in_half_precision(batch: Any) -> None:
    output = probabilities(build_model(SMALL, 12, 10), batch())
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


def test_units_of_the_co_attention_follow_the_nodes() -> None:
    model = build_model(replace(PAPER, graph_attention=False), 12, 10)
    (layer,) = [layer for layer in model.layers if isinstance(layer, CoAttention)]
    assert layer.units == 12


def test_an_unknown_configuration_is_refused() -> None:
    with pytest.raises(TypeError, match="config must be of type MDATConfig; got dict"):
        build_model({}, 12, 10)
