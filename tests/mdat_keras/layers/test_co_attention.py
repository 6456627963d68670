import numpy as np
import pytest

from mdat_keras import CoAttention

RNG = np.random.default_rng(1)
SPEECH = RNG.normal(size=(2, 6, 4)).astype("float32")
TEXT = RNG.normal(size=(2, 3, 4)).astype("float32")


def same_weights(layer: CoAttention, **arguments: object) -> CoAttention:
    twin = CoAttention(layer.units, **arguments)
    twin.build(SPEECH.shape, TEXT.shape)
    twin.set_weights(layer.get_weights())
    return twin


def test_two_steps_by_hand() -> None:
    layer = CoAttention(units=1)
    layer.build((None, None, 1), (None, None, 1))
    layer.set_weights([np.ones((1, 1)), np.zeros(1), np.ones((1, 1)), np.zeros(1)])
    speech, text = layer(np.array([[[1.0], [0.0]]]), np.array([[[0.0], [2.0]]]))
    # The scores are [[0, 2], [0, 0]]; sigmoid(2) is 0.8808.
    np.testing.assert_allclose(speech, [[[1, 2 * 0.880797], [0, 1]]], atol=1e-5)
    np.testing.assert_allclose(text, [[[0, 0.5], [2, 0.880797]]], atol=1e-5)


def test_own_context_is_the_cross_context_of_the_other_stream() -> None:
    text = RNG.normal(size=SPEECH.shape).astype("float32")
    cross = CoAttention(units=5)
    cross_speech, cross_text = cross(SPEECH, text)
    own_speech, own_text = same_weights(cross, context="own")(SPEECH, text)
    np.testing.assert_allclose(own_speech[..., 4:], cross_text[..., 4:], atol=1e-6)
    np.testing.assert_allclose(own_text[..., 4:], cross_speech[..., 4:], atol=1e-6)


def test_own_context_takes_the_length_of_its_stream() -> None:
    cross = CoAttention(units=5)
    cross_speech, cross_text = cross(SPEECH, TEXT)
    own_speech, own_text = same_weights(cross, context="own")(SPEECH, TEXT)
    np.testing.assert_allclose(own_speech[:, :3, 4:], cross_text[..., 4:], atol=1e-6)
    np.testing.assert_array_equal(own_speech[:, 3:, 4:], np.zeros((2, 3, 4)))
    np.testing.assert_allclose(own_text[..., 4:], cross_speech[:, :3, 4:], atol=1e-6)


def test_scale_divides_the_scores_by_the_root_of_the_units() -> None:
    scaled = CoAttention(units=9, scale=True)
    expected, _ = scaled(SPEECH, TEXT)
    plain = same_weights(scaled)
    kernel, bias, *text = plain.get_weights()
    unscaled, _ = plain(SPEECH, TEXT)
    plain.set_weights([kernel / 3, bias / 3, *text])
    divided, _ = plain(SPEECH, TEXT)
    np.testing.assert_allclose(divided, expected, atol=1e-6)
    assert not np.allclose(unscaled, expected, atol=1e-3)


def test_no_units_means_no_projection() -> None:
    identity = CoAttention(units=4, scale=True)
    identity.build(SPEECH.shape, TEXT.shape)
    identity.set_weights([np.eye(4), np.zeros(4), np.eye(4), np.zeros(4)])
    speech, text = CoAttention(units=None, scale=True)(SPEECH, TEXT)
    expected_speech, expected_text = identity(SPEECH, TEXT)
    np.testing.assert_allclose(speech, expected_speech, atol=1e-6)
    np.testing.assert_allclose(text, expected_text, atol=1e-6)


def test_streams_of_different_widths_need_units() -> None:
    with pytest.raises(ValueError, match="must have the same width; got 4 and 2. Use units=2"):
        CoAttention(units=None)(SPEECH, TEXT[..., :2])


def test_streams_may_differ_in_width() -> None:
    speech, text = CoAttention(units=5)(SPEECH, TEXT[..., :2])
    assert (speech.shape, text.shape) == ((2, 6, 6), (2, 3, 6))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 8, "context": "mixed"}, "context must be one of cross, own; got 'mixed'"),
        ({"units": 0}, "units must be a whole number of at least 1; got 0"),
    ],
)
def test_bad_arguments(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CoAttention(**arguments)
