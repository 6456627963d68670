"""Networks that multiply in bfloat16."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from small_networks import MDAT, SPEECH_DIM, TEXT_DIM
from toy_features import selection
from toy_runs import config, ignore_epoch

from mdat_train.classifiers.compiled_models import CompiledModels, TrainableModel
from mdat_train.classifiers.keras_classifier import KerasClassifier

QUICK = replace(
    MDAT, graph_attention=False, co_attention=False, transformer=False, modality="speech"
)
"""What is compiled in the shortest time."""


def dtypes(of: TrainableModel) -> tuple[set[str], set[str]]:
    """The types in which layers multiply, and those of the weights."""
    multiplied = {layer.compute_dtype for layer in of.model.layers if layer.weights}
    return multiplied, {keras.backend.standardize_dtype(w.dtype) for w in of.model.weights}


@pytest.mark.parametrize(
    ("precision", "expected"), [("float32", {"float32"}), ("bfloat16", {"bfloat16", "float32"})]
)
def test_layers_multiply_in_the_precision_and_all_else_is_float32(precision, expected):
    before = keras.config.dtype_policy()
    made = TrainableModel(QUICK, SPEECH_DIM, TEXT_DIM, precision)
    assert dtypes(made) == (expected, {"float32"})
    assert made.model.output.dtype == "float32"
    assert made.model.layers[-1].compute_dtype == "float32"
    assert keras.config.dtype_policy() == before


def test_a_training_in_bfloat16_learns_the_same():
    options = config(model="mdat", epochs=3, normalize="none", patience=0, learning_rate=1e-2)
    train = selection(classes=("angry", "happy", "sad"))
    models = CompiledModels()
    found = {}
    for precision in ("float32", "bfloat16"):
        of = replace(options, precision=precision)
        classifier = KerasClassifier(QUICK, 8, 4, of, models)
        fitted = classifier.fit(train, None, seed=0, callback=ignore_epoch)
        found[precision] = classifier.predict(fitted, train)
        assert {str(array.dtype) for array in fitted.state} <= {"float32", "int64", "uint32"}
        assert found[precision].dtype == np.float32
    assert not np.array_equal(found["float32"], found["bfloat16"])
    np.testing.assert_allclose(found["float32"], found["bfloat16"], atol=0.15)
    right = [(of.argmax(axis=1) == train.labels).mean() for of in found.values()]
    assert min(right) > 0.9
