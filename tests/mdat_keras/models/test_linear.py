"""The linear classifier gives the probabilities of scikit-learn."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from mdat_keras import LinearConfig, build_model, linear_weights, set_linear_weights

UTTERANCES = 48
SPEECH, TEXT = 64, 256
Features = list[np.ndarray]


@dataclass(frozen=True)
class Fitted:
    """The fit of scikit-learn, and its probabilities for the utterances."""

    streams: dict[str, Features]
    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    probabilities: np.ndarray

    def model(self, **fields: object) -> keras.Model:
        config = LinearConfig(classes=len(self.bias), **fields)
        dims = {f"{name}_dim": rows[0].shape[1] for name, rows in self.streams.items()}
        model = build_model(config, **{"speech_dim": 1, "text_dim": 1, **dims})
        set_linear_weights(
            model,
            mean=self.mean,
            scale=self.scale,
            weights=self.weights,
            bias=self.bias,
        )
        return model


def log_mel(rng: np.random.Generator) -> Features:
    """Features of mean -5 and deviation 3; band 0 is almost constant, band 1 is constant."""
    utterances = []
    for _ in range(UTTERANCES):
        steps = rng.integers(50, 301)
        loudness = rng.normal(size=SPEECH)
        rows = -5 + loudness + 3 * rng.normal(size=(steps, SPEECH))
        rows[:, 0] = -11.5 + 1e-3 * rng.normal(size=steps)
        rows[:, 1] = -11.5
        utterances.append(rows.astype("float32"))
    return utterances


def char_ngrams(rng: np.random.Generator) -> Features:
    lengths = rng.integers(3, 40, size=UTTERANCES)
    return [rng.normal(scale=0.06, size=(steps, TEXT)).astype("float16") for steps in lengths]


def fit(streams: dict[str, Features], classes: int, *, scaled: bool = True) -> Fitted:
    pooled = np.stack(
        [
            np.concatenate([f(r, axis=0, dtype=float) for r in rows for f in (np.mean, np.std)])
            for rows in zip(*streams.values(), strict=True)
        ]
    )
    mean, scale = np.zeros(pooled.shape[1]), np.ones(pooled.shape[1])
    if scaled:
        scaler = StandardScaler().fit(pooled)
        mean, scale = scaler.mean_, scaler.scale_
    standardised = (pooled - mean) / scale
    classifier = LogisticRegression(max_iter=2000).fit(
        standardised, np.arange(UTTERANCES) % classes
    )
    weights, bias = classifier.coef_.T, classifier.intercept_
    if weights.shape[1] == 1:
        weights, bias = np.pad(weights, [(0, 0), (1, 0)]), np.pad(bias, (1, 0))
    return Fitted(streams, mean, scale, weights, bias, classifier.predict_proba(standardised))


@pytest.fixture(scope="module")
def streams() -> dict[str, Features]:
    rng = np.random.default_rng(0)
    return {"speech": log_mel(rng), "text": char_ngrams(rng)}


@pytest.fixture(scope="module")
def fitted(streams: dict[str, Features]) -> Callable[[int], Fitted]:
    """A function from a number of classes to the fit."""
    return cache(lambda classes: fit(streams, classes))


@pytest.fixture(scope="module")
def four(fitted: Callable[[int], Fitted]) -> Fitted:
    return fitted(4)


def padded(stream: Features, rows: range, padding: int) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.array([len(stream[row]) for row in rows])
    values = np.full((len(rows), lengths.max() + padding, stream[0].shape[1]), 7, "float32")
    for place, row in enumerate(rows):
        values[place, : lengths[place]] = stream[row]
    return values, np.arange(values.shape[1]) < lengths[:, None]


def predicted(
    model: keras.Model, streams: dict[str, Features], *, size: int = 20, padding: int = 0
) -> np.ndarray:
    """Probabilities of all utterances, batch after batch."""
    outputs = []
    for start in range(0, UTTERANCES, size):
        rows = range(start, min(start + size, UTTERANCES))
        inputs = {}
        for name in ("speech", "text"):
            stream = streams.get(name, [np.zeros((1, 1))] * UTTERANCES)
            inputs[name], inputs[f"{name}_mask"] = padded(stream, rows, padding)
        outputs.append(np.array(model(inputs)))
    return np.concatenate(outputs)


@pytest.mark.parametrize("classes", [2, 3, 4])
@pytest.mark.parametrize("standardize", [True, False])
def test_probabilities_of_scikit_learn(
    classes: int, standardize: bool, fitted: Callable[[int], Fitted]
) -> None:
    expected = fitted(classes)
    found = predicted(expected.model(standardize=standardize), expected.streams)
    np.testing.assert_allclose(found, expected.probabilities, rtol=0, atol=1e-6)


def test_the_weights_that_are_set_are_read_again(fitted: Callable[[int], Fitted]) -> None:
    expected = fitted(4)
    found = linear_weights(expected.model())
    for name, array in found.items():
        np.testing.assert_allclose(array, getattr(expected, name), rtol=1e-6, atol=1e-6)


def test_it_computes_in_float32_under_every_policy(streams: dict[str, Features]) -> None:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = build_model(LinearConfig(), SPEECH, TEXT)
    finally:
        keras.config.set_dtype_policy(before)
    assert {layer.compute_dtype for layer in model.layers if layer.weights} == {"float32"}


def test_pooled_features_that_are_not_standardised(streams: dict[str, Features]) -> None:
    fitted = fit(streams, 4, scaled=False)
    found = predicted(fitted.model(), streams)
    np.testing.assert_allclose(found, fitted.probabilities, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("size", "padding"), [(1, 0), (7, 33), (UTTERANCES, 5)])
def test_batches_and_padding_change_nothing(four: Fitted, size: int, padding: int) -> None:
    found = predicted(four.model(), four.streams, size=size, padding=padding)
    np.testing.assert_allclose(found, four.probabilities, rtol=0, atol=1e-6)


@pytest.mark.parametrize("modality", ["speech", "text"])
def test_one_stream_alone(modality: str, streams: dict[str, Features]) -> None:
    fitted = fit({modality: streams[modality]}, 4)
    found = predicted(fitted.model(modality=modality), fitted.streams)
    np.testing.assert_allclose(found, fitted.probabilities, rtol=0, atol=1e-6)


def test_standardisation_inside_the_model(streams: dict[str, Features]) -> None:
    """scikit-learn is given standardised features; the model standardises them itself."""
    rows = np.concatenate(streams["speech"]).astype("float64")
    mean, scale = rows.mean(axis=0).astype("float32"), rows.std(axis=0).astype("float32")
    scale[scale == 0] = 1
    standardised = [(rows - mean) / scale for rows in streams["speech"]]
    fitted = fit(streams | {"speech": standardised}, 4)
    model = fitted.model()
    model.get_layer("speech_standardize").set_statistics(mean, scale)
    found = predicted(model, streams)
    np.testing.assert_allclose(found, fitted.probabilities, rtol=0, atol=1e-6)


@pytest.mark.parametrize("bias", [-1e9, -np.inf])
def test_a_class_missing_from_training_gets_zero(four: Fitted, bias: float) -> None:
    weights, biases = np.insert(four.weights, 1, 0, axis=1), np.insert(four.bias, 1, bias)
    expected = np.insert(four.probabilities, 1, 0, axis=1)
    unseen = replace(four, weights=weights, bias=biases)
    found = predicted(unseen.model(), four.streams)
    np.testing.assert_array_equal(found[:, 1], 0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_the_weights_are_saved(four: Fitted, tmp_path: Path) -> None:
    model = four.model()
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(predicted(loaded, four.streams), predicted(model, four.streams))


def test_encoder_layers_stay_concatenated() -> None:
    wide = build_model(LinearConfig(speech_layers=3), speech_dim=12, text_dim=10)
    plain = build_model(LinearConfig(), speech_dim=12, text_dim=10)
    assert [layer.name for layer in wide.layers] == [layer.name for layer in plain.layers]
    assert wide.get_layer("emotion").kernel.shape == (2 * (12 + 10), 4)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("mean", np.zeros(8), r"mean must have the shape \(10,\); got \(8,\)"),
        ("scale", np.ones((1, 10)), r"scale must have the shape \(10,\); got \(1, 10\)"),
        ("weights", np.zeros((3, 10)), r"weights must have the shape \(10, 3\); got \(3, 10\)"),
        ("bias", np.zeros(1), r"bias must have the shape \(3,\); got \(1,\)"),
        ("scale", -np.ones(10), "scale must hold numbers of at least 0"),
    ],
)
def test_bad_arrays(name: str, value: np.ndarray, message: str) -> None:
    model = build_model(LinearConfig(classes=3), speech_dim=3, text_dim=2)
    arrays = {
        "mean": np.zeros(10),
        "scale": np.ones(10),
        "weights": np.zeros((10, 3)),
        "bias": np.zeros(3),
    }
    with pytest.raises(ValueError, match=message):
        set_linear_weights(model, **arrays | {name: value})
