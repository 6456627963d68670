import numpy as np
import pytest

from mdat_keras import LayerMix

# Two layers of two features: norm([1, 3]) is [-1, 1], norm([40, 20]) is [1, -1].
FEATURES = np.array([[[1.0, 3.0, 40.0, 20.0]]], dtype="float32")


def mixed(*shares: float) -> np.ndarray:
    layer = LayerMix(layers=2)
    layer.build(FEATURES.shape)
    layer.set_weights([np.log(shares)])
    return np.array(layer(FEATURES))


def test_the_scale_of_a_layer_has_no_effect() -> None:
    np.testing.assert_allclose(LayerMix(layers=2)(FEATURES), [[[0, 0]]], atol=1e-5)


def test_shares_are_the_weights_of_normalised_layers() -> None:
    np.testing.assert_allclose(mixed(3.0, 1.0), [[[-0.5, 0.5]]], atol=1e-5)


def test_padding_stays_zero() -> None:
    np.testing.assert_array_equal(LayerMix(layers=2)(0 * FEATURES), [[[0, 0]]])


def test_layers_must_divide_the_width() -> None:
    with pytest.raises(
        ValueError, match="layers must divide the width of the features, which is 4; got 3"
    ):
        LayerMix(layers=3)(FEATURES)
