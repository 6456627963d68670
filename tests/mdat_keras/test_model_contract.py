"""What every model guarantees."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_networks import MODELS, SPEECH_DIM, TEXT_DIM, VARIANTS

from mdat_keras import build_model
from mdat_keras.models.model_config import ModelConfig

# These change all scores of a row alike: a softmax ignores it.
WITHOUT_GRADIENT = ("key/bias", "score/bias")
every_model = pytest.mark.parametrize("config", MODELS.values(), ids=MODELS)
one_stream = pytest.mark.parametrize(("used", "unused"), [("speech", "text"), ("text", "speech")])


def build(config: ModelConfig) -> keras.Model:
    keras.utils.set_random_seed(7)
    return build_model(config, SPEECH_DIM, TEXT_DIM)


shared = cache(build)
"""Builds a model once, for the tests that leave its weights as they are."""


def probabilities(model: keras.Model, inputs: dict[str, np.ndarray]) -> np.ndarray:
    return np.array(model(inputs))


@pytest.fixture(params=VARIANTS.values(), ids=VARIANTS)
def model(request: pytest.FixtureRequest) -> keras.Model:
    return shared(request.param)


@pytest.fixture
def dtype_policy(request: pytest.FixtureRequest) -> Iterator[None]:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield
    keras.config.set_dtype_policy(before)


def test_gives_probabilities(model: keras.Model, batch: Any) -> None:
    output = probabilities(model, batch())
    assert (output.shape, output.dtype) == ((3, 3), np.float32)
    np.testing.assert_allclose(output.sum(axis=-1), 1, atol=1e-6)


def test_padding_changes_nothing(model: keras.Model, batch: Any) -> None:
    expected = probabilities(model, batch())[:2]  # the third utterance has no real step
    output = probabilities(model, batch(speech_padding=2, text_padding=5))[:2]
    np.testing.assert_allclose(output, expected, atol=1e-6)


def test_every_trained_weight_gets_a_gradient(model: keras.Model, batch: Any) -> None:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(batch())[:, 0])
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_weights])
    without = [
        weight.path
        for weight, gradient in zip(model.trainable_weights, gradients, strict=True)
        if not np.any(gradient) and not weight.path.endswith(WITHOUT_GRADIENT)
    ]
    assert without == []


# The layers are tried with more: these have the smallest range, and weights of another type. Both
# together, which graphics cards are trained with, are tried with the model that has most layers.
HALVES = {
    f"{name}, {policy}": (config, policy)
    for policy in ("float16", "mixed_bfloat16", "mixed_float16")
    for name, config in MODELS.items()
    if policy != "mixed_float16" or name == "mdat"
}


@pytest.mark.parametrize(
    ("config", "dtype_policy"), HALVES.values(), ids=HALVES, indirect=["dtype_policy"]
)
@pytest.mark.usefixtures("dtype_policy")
def test_float32_probabilities_in_half_precision(config: ModelConfig, batch: Any) -> None:
    output = probabilities(build(config), batch())
    assert output.dtype == np.float32
    np.testing.assert_allclose(output.sum(axis=-1), 1, atol=1e-6)


@every_model
def test_statistics_are_saved_with_the_model(
    config: ModelConfig, tmp_path: Path, batch: Any
) -> None:
    model = shared(config)
    speech, text = (model.get_layer(f"{name}_standardize") for name in ("speech", "text"))
    before = probabilities(model, batch())
    speech.set_statistics(np.full(12, 0.5), np.full(12, 2.0))
    text.set_statistics(np.full(10, -0.5), np.full(10, 0.5))
    after = probabilities(model, batch())
    model.save(tmp_path / "model.keras")
    speech.set_statistics(np.zeros(12), np.ones(12))
    text.set_statistics(np.zeros(10), np.ones(10))
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(probabilities(loaded, batch()), after)
    assert not np.allclose(before, after, atol=1e-4)


@one_stream
@every_model
def test_an_unused_stream_has_no_effect(
    config: ModelConfig, used: str, unused: str, batch: Any
) -> None:
    model = shared(replace(config, modality=used))
    inputs = batch()
    expected = probabilities(model, inputs)
    other = {unused: -inputs[unused], f"{unused}_mask": ~inputs[f"{unused}_mask"]}
    np.testing.assert_array_equal(probabilities(model, inputs | other), expected)
    mine = probabilities(model, inputs | {used: -inputs[used]})
    assert not np.allclose(mine[:2], expected[:2], atol=1e-4)


@one_stream
@every_model
def test_an_unused_stream_has_no_weights(config: ModelConfig, used: str, unused: str) -> None:
    alone = shared(replace(config, modality=used))
    assert alone.count_params() < shared(config).count_params()
    assert f"/{unused}_" not in "".join(f"/{weight.path}" for weight in alone.weights)


@one_stream
@every_model
def test_a_model_of_one_stream_is_saved_and_loaded(
    config: ModelConfig, used: str, unused: str, tmp_path: Path, batch: Any
) -> None:
    model = shared(replace(config, modality=used))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(probabilities(loaded, batch()), probabilities(model, batch()))


def test_an_unknown_configuration() -> None:
    with pytest.raises(TypeError, match="config must be of one of the types .*; got dict") as error:
        build_model({}, SPEECH_DIM, TEXT_DIM)
    named = str(error.value).partition(";")[0].replace(",", "").split()
    assert {type(config).__name__ for config in MODELS.values()} <= set(named)


def test_every_registered_configuration_is_tested() -> None:
    assert {type(config) for config in MODELS.values()} == set(build_model.registry) - {object}
