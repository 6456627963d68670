"""The exported models: their names, and their numbers beside those of Keras."""

import json

import keras
import numpy as np
import pytest
from exported import Exported, batch, exported
from small_networks import MODELS, SPEECH_DIM, TEXT_DIM

from mdat_keras import build_model
from mdat_train.classifiers.compiled_models import predict_on_batch
from mdat_train.export.onnx_model import load_with_attention

BATCHES = {
    "one": (((1, 1),), 0),
    "short": (((4, 2), (9, 3)), 0),
    "more text": (((5, 21), (3, 8), (2, 1)), 3),
    "long": (((90, 12), (33, 30)), 1),
    "many": (tuple((n, 10 - n) for n in range(1, 10)), 0),
    "padded": (((6, 6),), 40),
    "alike": (((12, 7),) * 4, 2),
}
SHARES = {"mdat": ("graph_attention", "co_attention"), "safrlm": ("co_attention",)}
"""Model -> its outputs besides the probabilities."""


@pytest.fixture(params=MODELS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def made(name: str) -> Exported:
    return exported(name)


def dimensions(put) -> list[str | int]:
    return [d.dim_param or d.dim_value for d in put.type.tensor_type.shape.dim]


def test_inputs_outputs_and_dimensions_have_names(name, made):
    graph = made.onnx.graph
    assert {put.name: dimensions(put) for put in graph.input} == {
        "speech": ["batch", "speech_steps", SPEECH_DIM],
        "speech_mask": ["batch", "speech_steps"],
        "text": ["batch", "text_steps", TEXT_DIM],
        "text_mask": ["batch", "text_steps"],
    }
    shares = dict.fromkeys(SHARES.get(name, ()), ["batch", "nodes"])
    outputs = {put.name: dimensions(put) for put in graph.output}
    assert outputs == {"probabilities": ["batch", 3]} | shares
    assert "unk__" not in str(graph.value_info)


# Keras warns where an attention has a single step to attend to.
@pytest.mark.filterwarnings("ignore:.*softmax over axis:UserWarning")
@pytest.mark.parametrize(("lengths", "padding"), BATCHES.values(), ids=BATCHES)
def test_numbers_are_those_of_the_saved_model(made, lengths, padding):
    inputs = batch(lengths, padding=padding)
    given = made.run(inputs)
    expected = predict_on_batch(made.reloaded, inputs)
    np.testing.assert_allclose(given["probabilities"], expected, atol=1e-5)
    of_model = predict_on_batch(made.model, inputs)
    assert given.keys() == of_model.keys()
    for output, values in given.items():
        np.testing.assert_allclose(values, of_model[output], atol=1e-5)


def test_the_models_decide(made):
    given = made.run(batch(BATCHES["many"][0]))
    assert given["probabilities"].max(axis=1).mean() > 0.4  # guesses of 3 classes have 1/3


def test_neither_padding_nor_company_changes_probabilities(made):
    lengths = ((90, 12), (7, 2))
    together = made.run(batch(lengths, padding=5))["probabilities"]
    alone = [made.run(batch((of_one,)))["probabilities"][0] for of_one in lengths]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_a_model_of_one_stream_has_its_inputs_alone():
    made = exported("linear", ("speech",))
    assert {put.name: dimensions(put) for put in made.onnx.graph.input} == {
        "speech": ["batch", "speech_steps", SPEECH_DIM],
        "speech_mask": ["batch", "speech_steps"],
    }
    inputs = batch(((9, 1), (4, 1)))
    given = made.run({name: inputs[name] for name in ("speech", "speech_mask")})
    expected = predict_on_batch(made.reloaded, inputs)
    np.testing.assert_allclose(given["probabilities"], expected, atol=1e-5)


def test_a_network_that_multiplies_in_bfloat16_is_exported_in_float32(tmp_path):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        keras.utils.set_random_seed(3)
        model = build_model(MODELS["mdat"], SPEECH_DIM, TEXT_DIM)
    finally:
        keras.config.set_dtype_policy(before)
    model.save(tmp_path / "model.keras")
    loaded = load_with_attention(tmp_path / "model.keras", ("speech", "text"))
    twin = build_model(MODELS["mdat"], SPEECH_DIM, TEXT_DIM)
    twin.set_weights(model.get_weights())
    inputs = batch(((9, 3), (4, 6)))
    found = keras.ops.convert_to_numpy(loaded(inputs)["probabilities"])
    np.testing.assert_allclose(found, twin(inputs), atol=1e-6)
    assert not np.allclose(found, model(inputs), atol=1e-6)


def test_the_metadata_are_kept(made):
    (found,) = made.onnx.metadata_props
    assert found.key == "model.json"
    assert json.loads(found.value) == {"classes": ["froh"]}
