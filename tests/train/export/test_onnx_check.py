"""A model that does not give the numbers of Keras is refused."""

import keras
import numpy as np
import onnx
import pytest

from mdat_keras import MaskedMean
from mdat_train.export.onnx_check import CASES, difference
from mdat_train.export.onnx_model import to_onnx
from mdat_train.inputs.scaling import Statistics

OUTPUTS = ("probabilities", "graph_attention")
WIDTH = 4


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """One stream, two outputs, and nothing that takes long to convert."""
    keras.utils.set_random_seed(2)
    speech = keras.Input((None, WIDTH), name="speech")
    mask = keras.Input((None,), name="speech_mask", dtype="bool")
    mean = MaskedMean()(speech, mask)
    outputs = {name: keras.layers.Dense(3, activation="softmax")(mean) for name in OUTPUTS}
    return keras.Model({"speech": speech, "speech_mask": mask}, outputs)


@pytest.fixture(scope="module")
def made(model: keras.Model) -> onnx.ModelProto:
    return to_onnx(model, {})


def with_weights_times(factor: float, model: keras.Model) -> keras.Model:
    """The same model with the weights of its second output scaled."""
    changed = keras.models.clone_model(model)
    *first, kernel, bias = model.get_weights()
    changed.set_weights([*first, factor * kernel, bias])
    return changed


def test_cases_differ_in_everything():
    assert len(CASES) >= 6
    assert all(len({case[place] for case in CASES}) >= 5 for place in range(3))


def test_the_same_model_has_no_difference(made, model):
    assert difference(made, model, {}) == ""


@pytest.mark.parametrize("factor", [1.001, np.nan])
def test_every_output_is_compared(made, model, factor):
    found = difference(made, with_weights_times(factor, model), {})
    assert found.startswith("expected the ")
    assert " of model.keras to 1e-05, got a difference of " in found
    assert found.endswith("(batch of 1, 1 steps of speech, 1 of text)")
    assert ("nan" in found) == np.isnan(factor)


def test_a_mask_that_is_ignored_is_found(made, model):
    speech, _ = model.input.values()
    everything = keras.layers.GlobalAveragePooling1D()(speech)
    careless = {layer.name: layer(everything) for layer in model.layers if "dense" in layer.name}
    outputs = dict(zip(OUTPUTS, careless.values(), strict=True))
    assert difference(made, keras.Model(model.input, outputs), {}) != ""


def test_batches_are_like_what_was_learned_from(made, model):
    # Far from it a trained model says the same of everything, and a difference is lost.
    far = Statistics(np.full(WIDTH, 1e3, np.float32), np.full(WIDTH, 1e-3, np.float32))
    changed = with_weights_times(1.001, model)
    assert difference(made, changed, {"speech": far}) != difference(made, changed, {})
