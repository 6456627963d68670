"""Statistics by hand."""

from dataclasses import replace

import numpy as np
import pytest
from toy_features import selection

from mdat_train.inputs.scaling import Statistics, standardized, statistics_of


def test_statistics_by_hand():
    of = Statistics.of([np.array([[0.0, 7.0], [2.0, 7.0]]), np.array([[4.0, 7.0], [6.0, 7.0]])])
    assert of.mean.tolist() == [3.0, 7.0]
    assert of.scale.tolist() == pytest.approx([np.sqrt(5), 1.0])  # 1 where nothing varies
    assert of.mean.dtype == of.scale.dtype == np.float32


def test_every_step_weighs_the_same_whatever_the_length_of_its_utterance():
    of = Statistics.of([np.zeros((9, 1)), np.full((1, 1), 10.0)])
    assert (of.mean.tolist(), of.scale.tolist()) == ([1.0], [3.0])


def test_half_precision_does_not_overflow():
    rows = np.full((1000, 1), 60000, np.float16)
    rows[0] = 59000
    of = Statistics.of([rows] * 10)
    assert of.mean == pytest.approx([rows.mean(dtype=float)])
    assert of.scale == pytest.approx([rows.std(dtype=float)])


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("value", [0.1, 1 / 3, -123.4])
def test_a_feature_that_never_varies_stays_finite(value, dtype):
    rows = [np.full((n, 1), value, dtype) for n in (3, 7, 101)]
    (scaled, *_) = Statistics.of(rows).applied(rows)
    np.testing.assert_allclose(scaled, 0, atol=1e-3)


def test_each_modality_is_standardised_by_its_own_statistics():
    toy = selection()
    distorted = replace(toy, speech=tuple(np.float16(rows * 50 + 7) for rows in toy.speech))
    of = standardized(distorted)
    assert {rows.dtype for rows in (*of.speech, *of.text)} == {np.dtype(np.float32)}
    np.testing.assert_allclose(np.concatenate(of.speech).mean(axis=0), 0, atol=1e-2)
    np.testing.assert_allclose(np.concatenate(of.speech).std(axis=0), 1, atol=1e-2)
    np.testing.assert_allclose(np.concatenate(of.text).std(axis=0), 1, atol=1e-4)
    assert of.utterances == toy.utterances


def test_statistics_of_names_both_modalities():
    of = statistics_of(selection())
    assert {name: s.mean.shape for name, s in of.items()} == {"speech": (8,), "text": (4,)}


def test_a_feature_that_is_nearly_constant_is_not_blown_up():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 5))
    rows[:, 3] = 1e-6 * rows[:, 3]
    rows[:, 4] = 300 + 0.01 * rows[:, 4]  # float16 has steps of 0.25 there
    of = Statistics.of([rows])
    assert of.scale[:3] == pytest.approx(rows.std(axis=0)[:3])
    assert of.scale[3] == pytest.approx(0.01 * np.median(rows.std(axis=0)))
    assert of.scale[4] == pytest.approx(300 / 4096, rel=1e-3)
    (target,) = Statistics.of([rows]).applied([rng.normal(size=(200, 5)) + [0, 0, 0, 0, 300]])
    assert np.abs(target).max() < 500


@pytest.mark.parametrize("size", [1e-4, 1.0, 1e4])
def test_the_floor_depends_on_the_stream_and_not_on_its_unit(size):
    rows = np.random.default_rng(0).normal(size=(200, 5)) * [1, 0.1, 1, 1, 0.05] * size
    assert Statistics.of([rows]).scale == pytest.approx(rows.std(axis=0))


def test_statistics_that_hide_a_stream():
    (hidden,) = Statistics.hiding(3).applied([np.array([[1e4, -1e4, 0.0]])])
    np.testing.assert_allclose(hidden, 0, atol=1e-30)
