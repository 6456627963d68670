"""What every layer promises."""

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from mdat_keras import (
    AttentivePooling,
    CoAttention,
    GraphAttention,
    LayerMix,
    MaskedMean,
    MaskedStatistics,
    SplitStreams,
    Standardize,
    TransformerEncoder,
)

WIDTH = 8


@dataclass(frozen=True)
class Case:
    layer: type[keras.Layer]
    arguments: dict[str, Any] = field(default_factory=dict)
    steps: tuple[int, ...] = (5,)  # of each stream; they differ, or a swap would go unseen
    masked: bool = True
    weights: int = 0  # numbers that are trained

    def build(self, **kwargs: Any) -> keras.Layer:
        return self.layer(**self.arguments, **kwargs)

    def streams(self) -> list[np.ndarray]:
        rng = np.random.default_rng(3)
        return [rng.normal(size=(2, steps, WIDTH)).astype("float32") for steps in self.steps]

    def masks(self) -> list[np.ndarray]:
        """The first utterance is whole; the second lacks the last step of each stream."""
        return [np.arange(steps) < [[steps], [steps - 1]] for steps in self.steps]

    def inputs(self) -> list[np.ndarray]:
        return self.streams() + self.masks() * self.masked

    def model(self) -> keras.Model:
        inputs = [keras.Input((None, WIDTH)) for _ in self.steps]
        masks = [keras.Input((None,), dtype="bool") for _ in self.steps] * self.masked
        return keras.Model(inputs + masks, self.build()(*inputs, *masks))


CASES = {
    "graph, pairwise": Case(GraphAttention, {"units": 6, "heads": 2}, weights=8 * 6 + 2 * 6),
    "graph, broadcast": Case(
        GraphAttention, {"units": 6, "scores": "broadcast"}, weights=8 * 6 + 6
    ),
    "graph, residual": Case(
        GraphAttention, {"units": 8, "residual": True, "dropout": 0.1}, weights=8 * 8 + 2 * 8
    ),
    "co, cross": Case(CoAttention, {"units": 6}, (5, 3), weights=2 * (8 * 6 + 6)),
    "co, own": Case(
        CoAttention, {"units": 6, "context": "own", "scale": True}, (5, 3), weights=2 * (8 * 6 + 6)
    ),
    "co, own, long text": Case(
        CoAttention, {"units": 6, "context": "own"}, (3, 5), weights=2 * (8 * 6 + 6)
    ),
    "co, as they stand": Case(CoAttention, {"units": None, "scale": True}, (5, 3)),
    "transformer": Case(
        TransformerEncoder, {"heads": 2}, weights=4 * (64 + 8) + 2 * 16 + 2 * (64 + 8)
    ),
    "transformer, narrow": Case(
        TransformerEncoder,
        {"heads": 2, "feed_forward": 5, "dropout": 0.2},
        weights=4 * (64 + 8) + 2 * 16 + (8 * 5 + 5) + (5 * 8 + 8),
    ),
    "mean": Case(MaskedMean),
    "statistics": Case(MaskedStatistics),
    "pooling": Case(AttentivePooling, weights=8 + 1),
    "standardize": Case(Standardize, masked=False),
    "mix": Case(LayerMix, {"layers": 2}, masked=False, weights=2),
    "split": Case(SplitStreams, steps=(8, 5), masked=False),
}
every_layer = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
every_masked_layer = pytest.mark.parametrize(
    "case",
    [case for case in CASES.values() if case.masked],
    ids=[name for name, case in CASES.items() if case.masked],
)


def arrays(outputs: Any) -> list[np.ndarray]:
    return [ops.convert_to_numpy(output) for output in keras.tree.flatten(outputs)]


def padded(stream: np.ndarray, mask: np.ndarray, steps: int) -> list[np.ndarray]:
    mask = np.pad(mask, [(0, 0), (0, steps)])
    stream = np.pad(stream, [(0, 0), (0, steps), (0, 0)])
    return [np.where(mask[..., None], stream, 7.0).astype("float32"), mask]


def real(outputs: Any, masks: list[np.ndarray]) -> list[np.ndarray]:
    """The rows that mean something; an output without time is real as a whole."""
    return [
        output[mask] if output.ndim == 3 else output
        for output, mask in zip(arrays(outputs), masks, strict=True)
    ]


@every_layer
def test_config_round_trip(case: Case) -> None:
    layer = case.build(name="some_name", dtype="mixed_bfloat16")
    layer(*case.inputs())
    written = keras.saving.serialize_keras_object(layer)
    twin = keras.saving.deserialize_keras_object(written)
    twin.set_weights(layer.get_weights())
    assert keras.saving.serialize_keras_object(twin) == written
    assert written["registered_name"] == f"mdat>{case.layer.__name__}"
    np.testing.assert_equal(arrays(twin(*case.inputs())), arrays(layer(*case.inputs())))


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
    expected = [output.shape for output in arrays(model(case.inputs()))]
    symbolic = [tuple(output.shape) for output in model.outputs]
    assert symbolic == [(None,) * (len(shape) - 1) + shape[-1:] for shape in expected]


@every_masked_layer
def test_padding_changes_no_real_output(case: Case) -> None:
    layer, streams, masks = case.build(), case.streams(), case.masks()
    longer = [
        padded(stream, mask, steps)
        for stream, mask, steps in zip(streams, masks, (2, 4), strict=False)
    ]
    outputs = layer(*streams, *masks)
    after = layer(*(stream for stream, _ in longer), *(mask for _, mask in longer))
    np.testing.assert_allclose(
        np.concatenate(real(after, [mask for _, mask in longer])),
        np.concatenate(real(outputs, masks)),
        atol=1e-6,
    )


@every_masked_layer
def test_no_mask_means_that_every_step_is_real(case: Case) -> None:
    layer, streams = case.build(), case.streams()
    all_real = [np.ones(stream.shape[:2], dtype=bool) for stream in streams]
    expected = arrays(layer(*streams, *all_real))
    np.testing.assert_allclose(
        np.concatenate(arrays(layer(*streams)), axis=None),
        np.concatenate(expected, axis=None),
        atol=1e-6,
    )


@every_layer
def test_every_trained_weight_gets_a_gradient(case: Case) -> None:
    layer = case.build()
    rng = np.random.default_rng(5)
    with tf.GradientTape() as tape:
        outputs = keras.tree.flatten(layer(*case.inputs()))
        loss = sum(ops.sum(output * rng.normal(size=output.shape)) for output in outputs)
    weights = layer.trainable_weights
    gradients = tape.gradient(loss, [weight.value for weight in weights])
    # A bias on keys or scores moves all scores of a row alike, which no softmax can see.
    still = [
        weight.path
        for weight, gradient in zip(weights, gradients, strict=True)
        if not np.any(gradient) and not weight.path.endswith(("key/bias", "score/bias"))
    ]
    assert still == []


@pytest.mark.parametrize("policy", ["mixed_float16", "float16", "mixed_bfloat16", "bfloat16"])
@every_layer
def test_finite_in_half_precision_without_a_real_step(case: Case, policy: str) -> None:
    layer = case.build(dtype=policy)
    nothing_real = [np.zeros_like(mask) for mask in case.masks()] * case.masked
    outputs = arrays(layer(*case.streams(), *nothing_real))
    assert {str(output.dtype) for output in outputs} == {layer.compute_dtype}
    assert all(np.isfinite(output.astype("float32")).all() for output in outputs)
