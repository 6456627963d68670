import math
from typing import Any

import keras
import numpy as np
import pytest
from small_networks import MODELS, SPEECH_DIM, TEXT_DIM

from mdat_keras import SAFRLMConfig, build_model


@pytest.mark.parametrize(("units", "weights"), [(128, 939_396), (64, 339_204), (256, 2_926_212)])
def test_weights(units: int, weights: int) -> None:
    model = build_model(SAFRLMConfig(units=units), speech_dim=1024, text_dim=768)
    assert sum(math.prod(weight.shape) for weight in model.trainable_weights) == weights


def normed(values: np.ndarray) -> np.ndarray:
    centred = values - values.mean(axis=-1, keepdims=True)
    return centred / np.sqrt(values.var(axis=-1, keepdims=True) + 1e-5)


def output_of(model: keras.Model, name: str, inputs: dict[str, np.ndarray]) -> np.ndarray:
    return np.array(keras.Model(model.input, model.get_layer(name).output)(inputs))


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(7)
    return build_model(MODELS["safrlm"], SPEECH_DIM, TEXT_DIM)


def test_closed_gates_leave_the_fusion(model: keras.Model, batch: Any) -> None:
    """With gates of 0 and 1, one stream has no effect and the other is added in full."""
    changes = {"speech": 0.0, "text": 1.0}
    before = {name: model.get_layer(f"adjustment_1_{name}_gate").get_weights() for name in changes}
    for name, value in changes.items():
        kernel, bias = before[name]
        logit = 200.0 * value - 100.0
        model.get_layer(f"adjustment_1_{name}_gate").set_weights([0 * kernel, 0 * bias + logit])
    fusion = output_of(model, "fusion_norm", batch())
    text = output_of(model, "adjustment_1_text_attention", batch())
    adjusted = output_of(model, "adjustment_1_stream_norm", batch())
    np.testing.assert_allclose(adjusted, normed(fusion + text), atol=1e-5)
    for name, weights in before.items():
        model.get_layer(f"adjustment_1_{name}_gate").set_weights(weights)


def test_the_utterance_is_the_means_of_fusion_and_streams(model: keras.Model, batch: Any) -> None:
    inputs = batch()
    means = [output_of(model, f"{name}_mean", inputs) for name in ("fusion", "speech", "text")]
    expected = np.concatenate(means, axis=-1)
    np.testing.assert_allclose(output_of(model, "utterance", inputs), expected, atol=1e-6)
    aligned = output_of(model, "speech_alignment", inputs)[1, :4].mean(axis=0)
    np.testing.assert_allclose(means[1][1], aligned, atol=1e-6)
