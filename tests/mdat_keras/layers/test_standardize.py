import numpy as np
import pytest
from keras import ops

from mdat_keras import Standardize

FEATURES = np.array([[[3.0, 5.0], [1.0, 1.0]]], dtype="float32")


def built(**kwargs: str) -> Standardize:
    layer = Standardize(**kwargs)
    layer.build((None, None, 2))
    return layer


def test_starts_as_the_identity() -> None:
    np.testing.assert_array_equal(Standardize()(FEATURES), FEATURES)


def test_subtracts_the_mean_and_divides_by_the_scale() -> None:
    layer = built()
    layer.set_statistics([1.0, 1.0], [1.0, 2.0])
    np.testing.assert_array_equal(layer(FEATURES), [[[2, 2], [0, 0]]])


def test_vectors_without_time() -> None:
    layer = built()
    layer.set_statistics([1.0, 1.0], [1.0, 2.0])
    np.testing.assert_array_equal(layer(FEATURES[0]), [[2, 2], [0, 0]])


def test_nothing_is_trained() -> None:
    layer = built()
    assert layer.trainable_weights == []
    assert [weight.name for weight in layer.non_trainable_weights] == ["mean", "scale"]


def test_a_feature_that_never_varies_is_only_centred() -> None:
    layer = built()
    layer.set_statistics(np.array([3.0, 0.0]), np.array([0.0, 5.0]))
    np.testing.assert_allclose(layer(FEATURES), [[[0, 1], [-2, 0.2]]], rtol=1e-6)


@pytest.mark.parametrize("policy", ["float16", "mixed_float16", "mixed_bfloat16"])
def test_half_precision_does_not_round_before_the_mean_is_subtracted(policy: str) -> None:
    layer = built(dtype=policy)
    layer.set_statistics([5000.0, 0.0], [0.25, 1e-6])
    output = layer(np.array([[[5000.25, 1e-6]]], dtype="float32"))
    np.testing.assert_allclose(ops.convert_to_numpy(output).astype("float32"), [[[1, 1]]])


@pytest.mark.parametrize("scale", [[-1.0, 1.0], [float("nan"), 1.0]])
def test_bad_scale(scale: list[float]) -> None:
    with pytest.raises(
        ValueError, match="scale must hold numbers of at least 0; got a negative number or NaN"
    ):
        built().set_statistics([0.0, 0.0], scale)


def test_statistics_of_the_wrong_width() -> None:
    with pytest.raises(ValueError, match="shape"):
        built().set_statistics([0.0], [1.0])
