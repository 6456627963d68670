"""What every layer guarantees."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from layer_cases import CASES, Case, arrays

import mdat_keras

every_layer = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
every_masked_layer = pytest.mark.parametrize(
    "case",
    [case for case in CASES.values() if case.masks],
    ids=[name for name, case in CASES.items() if case.masks],
)


def padded(stream: np.ndarray, mask: np.ndarray, steps: int) -> list[np.ndarray]:
    mask = np.pad(mask, [(0, 0), (0, steps)])
    stream = np.pad(stream, [(0, 0), (0, steps), (0, 0)])
    return [np.where(mask[..., None], stream, 7.0).astype("float32"), mask]


def real_rows(outputs: list[np.ndarray], masks: list[np.ndarray]) -> np.ndarray:
    """The rows that have a meaning; an output without time has no others.

    The first masks are those of the outputs: attention has two streams and one output.
    """
    kept = zip(outputs, masks, strict=False)
    return np.concatenate([out[mask] if out.ndim == 3 else out for out, mask in kept])


def layers_of_the_package() -> set[type[keras.Layer]]:
    modules = [
        import_module(f"mdat_keras.layers.{found.name}")
        for found in iter_modules(mdat_keras.layers.__path__)
    ]
    return {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, keras.Layer)
        and value.__module__ == module.__name__
    }


def test_every_layer_is_exported_and_has_a_case() -> None:
    exported = [getattr(mdat_keras, name) for name in mdat_keras.__all__]
    layers = layers_of_the_package()
    assert layers == {v for v in exported if isinstance(v, type) and issubclass(v, keras.Layer)}
    assert layers == {case.layer for case in CASES.values()}


@every_layer
def test_config_round_trip(case: Case) -> None:
    layer = case.build(name="some_name", dtype="mixed_bfloat16")
    expected = case.outputs(layer)
    written = keras.saving.serialize_keras_object(layer)
    twin = keras.saving.deserialize_keras_object(written)
    case.outputs(twin)  # builds it
    twin.set_weights(layer.get_weights())
    assert keras.saving.serialize_keras_object(twin) == written
    assert written["registered_name"] == f"mdat>{case.layer.__name__}"
    np.testing.assert_equal(case.outputs(twin), expected)


@every_layer
def test_number_of_weights(case: Case) -> None:
    assert sum(weight.size for weight in arrays(case.model().trainable_weights)) == case.weights


@every_layer
def test_save_and_load(case: Case, tmp_path: Any) -> None:
    model = case.model()
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_equal(arrays(loaded(case.inputs())), arrays(model(case.inputs())))


@every_layer
def test_symbolic_shapes_leave_time_open(case: Case) -> None:
    model = case.model()
    expected = arrays(model(case.inputs()))
    symbolic = [tuple(output.shape) for output in model.outputs]
    assert symbolic == [(None,) * (of.ndim - 1) + of.shape[-1:] for of in expected]
    assert [output.dtype for output in model.outputs] == [of.dtype for of in expected]


@every_layer
def test_a_shape_is_known_without_a_call(case: Case) -> None:
    layer = case.build()
    expected = [output.shape for output in case.outputs(layer)]
    inputs = [stream.shape for stream in case.streams()]
    found = layer.compute_output_shape(*inputs)
    assert list(found if isinstance(found[0], tuple) else [found]) == expected


@every_masked_layer
def test_padding_changes_no_real_output(case: Case) -> None:
    layer, streams, masks = case.build(), case.streams(), case.real()
    longer = [
        padded(stream, mask, steps)
        for stream, mask, steps in zip(streams, masks, (2, 4), strict=False)
    ]
    longer_streams, longer_masks = map(list, zip(*longer, strict=True))
    after = arrays(case.call(layer, longer_streams, longer_masks))
    np.testing.assert_allclose(
        real_rows(after, longer_masks), real_rows(case.outputs(layer), masks), atol=1e-6
    )


@every_masked_layer
def test_a_mask_changes_the_output(case: Case) -> None:
    layer, masks = case.build(), case.real()
    unmasked = real_rows(arrays(case.call(layer, case.streams())), masks)
    assert not np.allclose(real_rows(case.outputs(layer), masks), unmasked, atol=1e-4)


@every_masked_layer
def test_no_mask_means_that_every_step_is_real(case: Case) -> None:
    layer, streams = case.build(), case.streams()
    all_real = [np.ones(stream.shape[:2], dtype=bool) for stream in streams]
    expected = arrays(case.call(layer, streams, all_real))
    np.testing.assert_allclose(
        np.concatenate(arrays(case.call(layer, streams)), axis=None),
        np.concatenate(expected, axis=None),
        atol=1e-6,
    )


@every_layer
def test_every_trained_weight_gets_a_gradient(case: Case) -> None:
    layer = case.build()
    rng = np.random.default_rng(5)
    with tf.GradientTape() as tape:
        outputs = case.call(layer, case.streams(), case.real())
        loss = sum(ops.sum(output * rng.normal(size=output.shape)) for output in outputs)
    weights = layer.trainable_weights
    gradients = tape.gradient(loss, [weight.value for weight in weights])
    # A bias on keys or scores changes all scores of a row alike: a softmax ignores it.
    without = [
        weight.path
        for weight, gradient in zip(weights, gradients, strict=True)
        if not np.any(gradient) and not weight.path.endswith(("key/bias", "score/bias"))
    ]
    assert without == []


@pytest.mark.parametrize("policy", ["mixed_float16", "float16", "mixed_bfloat16", "bfloat16"])
@every_layer
def test_finite_in_half_precision_without_a_real_step(case: Case, policy: str) -> None:
    layer = case.build(dtype=policy)
    nothing_real = [np.zeros_like(mask) for mask in case.real()]
    outputs = arrays(case.call(layer, case.streams(), nothing_real))
    assert {str(output.dtype) for output in outputs} == {layer.compute_dtype}
    assert all(np.isfinite(output.astype("float32")).all() for output in outputs)
