"""How far probabilities can be believed."""

import numpy as np
import pytest

from mdat_data.metrics import BINS, at_temperature, reliability


def of_two(confidences: list[float]) -> np.ndarray:
    """Probabilities of two classes, of which the first one is predicted."""
    return np.array([[p, 1 - p] for p in confidences])


def test_the_calibration_error_by_hand():
    # Two bins: 3 utterances with 0.9, of which 1 is right, and 1 with 0.6, which is right.
    found = reliability(of_two([0.9, 0.9, 0.9, 0.6]), np.array([0, 1, 1, 0]))
    expected = 3 / 4 * abs(1 / 3 - 0.9) + 1 / 4 * abs(1 - 0.6)
    assert found.calibration_error == pytest.approx(expected)
    assert found.counts.sum() == 4
    assert found.accuracy[found.counts > 0].tolist() == pytest.approx([1, 1 / 3])
    assert found.confidence[found.counts > 0].tolist() == pytest.approx([0.6, 0.9])


def test_the_likelihood_by_hand_and_of_an_impossible_class():
    assert reliability(of_two([0.8]), np.array([1])).nll == pytest.approx(-np.log(0.2))
    assert reliability(of_two([1.0]), np.array([1])).nll == pytest.approx(-np.log(1e-7))


def test_bins_have_their_upper_edge_and_the_last_one_has_certainty():
    counts = reliability(of_two([10 / 15, 0.667, 1.0]), np.zeros(3, int)).counts
    assert len(counts) == BINS
    assert {number: int(n) for number, n in enumerate(counts) if n} == {9: 1, 10: 1, 14: 1}


def test_a_calibrated_sample_has_no_error():
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet([1, 1, 1], size=200_000)
    truth = (rng.random(200_000)[:, None] > probabilities.cumsum(axis=1)).sum(axis=1)
    assert reliability(probabilities, truth).calibration_error < 0.005
    assert reliability(at_temperature(probabilities, 0.5), truth).calibration_error > 0.1


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 3.0, 10.0])
def test_a_temperature_divides_logits(temperature):
    logits = np.random.default_rng(1).normal(size=(6, 4)) * 5
    probabilities, expected = (
        np.exp(of) / np.exp(of).sum(axis=1, keepdims=True) for of in (logits, logits / temperature)
    )
    np.testing.assert_allclose(at_temperature(probabilities, temperature), expected, atol=1e-12)


def test_a_temperature_keeps_zeros_and_does_not_underflow():
    tiny = np.array([[0.6, 0.4, 0.0], [1.0, 1e-30, 0.0]], np.float32)
    cold = at_temperature(tiny, 0.1)
    np.testing.assert_allclose(cold.sum(axis=1), 1)
    assert (cold[:, 2] == 0).all()
    assert at_temperature(tiny, 10.0)[1, 1] == pytest.approx(1e-3, rel=0.01)
