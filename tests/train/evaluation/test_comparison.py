"""Comparisons over speakers, against numbers that were computed by hand."""

import numpy as np
import pytest

from mdat_data.metrics import compute_metrics
from mdat_train.evaluation.comparison import compare, holm, sign_flip, speaker_differences
from mdat_train.runs.condition import SOURCE, TARGET, Condition
from mdat_train.runs.predictions import Predictions


def predictions(truth, predicted, speakers, *, seed=0, draw=None, classes=3, ids=None):
    return Predictions(
        condition=Condition(model="mdat", trained_on=SOURCE, tested_on=TARGET, shots=0),
        seed=seed,
        draw=draw,
        ids=tuple(ids or map(str, range(len(truth)))),
        speakers=tuple(speakers),
        truth=np.array(truth),
        probabilities=np.eye(classes)[list(predicted)],
    )


def random_pair(seed):
    rng = np.random.default_rng(seed)
    truth, speakers = rng.integers(3, size=40), rng.integers(5, size=40).astype(str)
    return [predictions(truth, rng.integers(3, size=40), speakers, seed=seed) for _ in range(2)]


def test_shares_of_speakers_by_hand():
    # Three utterances of class 0 and one of class 2: their weights are 1/6 and 1/2.
    ours = predictions([0, 0, 0, 2], [0, 0, 1, 2], "aabb")
    theirs = predictions([0, 0, 0, 2], [0, 1, 0, 0], "aabb")
    shares = speaker_differences([ours], [theirs])
    assert shares == pytest.approx({"a": 1 / 6, "b": -1 / 6 + 1 / 2})


def test_shares_add_up_to_the_difference_of_mean_uas():
    ours, theirs = zip(*map(random_pair, range(6)), strict=True)
    means = [
        np.mean([compute_metrics(p.truth, p.predicted, "abc").ua for p in predicted])
        for predicted in (ours, theirs)
    ]
    assert compare(ours, theirs, seed=0).difference == pytest.approx(means[0] - means[1], abs=1e-12)


def test_a_comparison_by_hand():
    # Each of three speakers has one utterance of a class: one model is always right, one never.
    ours = predictions([0, 1, 2], [0, 1, 2], "abc")
    theirs = predictions([0, 1, 2], [1, 2, 0], "abc")
    result = compare([ours], [theirs], seed=0)
    assert (result.difference, result.p, result.smallest_p) == pytest.approx((1, 0.25, 0.25))
    assert (result.speakers, result.corrected_p) == (3, None)


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([1, 1, 1, 1, 1, 1], 2 / 64),
        ([3, 2, 1], 2 / 8),
        ([3, 2, -1], 4 / 8),
        ([0.1, 0.2, -0.3], 1),
        ([0, 0, 0], 1),
        ([5], 1),
    ],
)
def test_exact_p_by_counting_signs(differences, p):
    assert sign_flip(np.array(differences, float), seed=0)[0] == pytest.approx(p)


def test_thirteen_speakers_are_exact_and_fourteen_are_sampled():
    assert sign_flip(np.ones(13), seed=0) == pytest.approx((2 / 2**13, 2 / 2**13))
    assert sign_flip(np.ones(14), seed=0) == pytest.approx((2 / 10_000, 2 / 10_000))


def test_the_sample_of_signs_depends_on_the_seed():
    differences = np.random.default_rng(0).normal(0.1, 1, 20)
    assert sign_flip(differences, seed=1) == sign_flip(differences, seed=1)
    assert sign_flip(differences, seed=1) != sign_flip(differences, seed=2)


def test_holm_against_a_known_example():
    # Sorted and times 4, 3, 2, 1: 0.04, 0.06, 0.06, 0.04; the last one must not be lower.
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx((0.06, 0.04, 0.06, 0.06))
    assert holm([0.6, 0.7]) == (1, 1)
    assert holm([]) == ()


@pytest.mark.parametrize("changed", [{"seed": 1}, {"draw": 1}, {"ids": "xyz"}])
def test_only_the_same_seeds_draws_and_utterances_are_compared(changed):
    ours = predictions([0, 1, 2], [0, 1, 2], "abc")
    with pytest.raises(ValueError, match="same"):
        compare([ours], [predictions([0, 1, 2], [0, 1, 2], "abc", **changed)], seed=0)


def test_without_predictions_there_is_no_comparison():
    with pytest.raises(ValueError, match="same seeds"):
        compare([], [], seed=0)


def test_a_comparison_has_the_sample_of_its_seed():
    rng = np.random.default_rng(0)
    truth, speakers = np.tile(np.arange(3), 20), np.repeat(np.arange(20), 3).astype(str)
    ours, theirs = (predictions(truth, rng.integers(3, size=60), speakers) for _ in range(2))
    first, again, other = (compare([ours], [theirs], seed=seed).p for seed in (0, 0, 1))
    assert first == again != other
