"""A model that does not give the numbers of Keras is refused."""

import keras
import numpy as np
import onnx
import pytest
from exported import exported
from small_networks import SPEECH_DIM

from mdat_train.export.onnx_check import CASES, difference
from mdat_train.inputs.scaling import Statistics


def damaged(name: str, factor: float) -> onnx.ModelProto:
    """The ONNX model with its largest weight scaled."""
    made = onnx.ModelProto()
    made.CopyFrom(exported(name).onnx)
    largest = max(made.graph.initializer, key=lambda weight: len(weight.raw_data))
    values = onnx.numpy_helper.to_array(largest) * np.float32(factor)
    largest.CopyFrom(onnx.numpy_helper.from_array(values, largest.name))
    return made


def test_cases_differ_in_everything():
    assert len(CASES) >= 6
    assert all(len({case[place] for case in CASES}) >= 5 for place in range(3))


@pytest.mark.parametrize("factor", [1.001, np.nan])
def test_changed_weights_are_refused_with_the_difference(factor):
    found = difference(damaged("linear", factor), exported("linear").model, {})
    assert found.startswith("expected the probabilities of model.keras to 1e-05, got a difference")
    assert ("nan" in found) == np.isnan(factor)


@pytest.mark.parametrize("output", ["graph_attention", "co_attention"])
def test_attention_is_compared_like_the_probabilities(output):
    made = exported("mdat")
    changed = made.model.output | {output: made.model.output[output] * 1.01}
    found = difference(made.onnx, keras.Model(made.model.input, changed), {})
    assert found.startswith(f"expected the {output} of model.keras")


def test_batches_are_like_what_was_learned_from():
    # Far from it the model says the same of everything, and any difference is lost.
    made = exported("linear")
    far = Statistics(np.full(SPEECH_DIM, 1e4, np.float32), np.ones(SPEECH_DIM, np.float32))
    assert difference(made.onnx, made.model, {}) == ""
    assert difference(made.onnx, made.model, {"speech": far}) == ""
