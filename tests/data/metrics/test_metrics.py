"""Metrics by hand, by scikit-learn, and their intervals."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from mdat_data.metrics import compute_metrics, confusion_matrix, ua_interval

ABC = ("a", "b", "c")


def test_by_hand_where_ua_is_not_wa():
    truth = np.array([0, 0, 0, 0, 0, 0, 1, 1, 2, 2])
    predicted = np.array([0, 0, 0, 0, 0, 1, 1, 0, 0, 1])
    of = compute_metrics(truth, predicted, ABC)
    assert of.wa == pytest.approx(6 / 10)
    assert of.ua == pytest.approx((5 / 6 + 1 / 2 + 0) / 3)
    # F1: 2 hits / (clips + guesses) = 10 / (6 + 7), 2 / (2 + 3), 0 / (2 + 0)
    assert of.macro_f1 == pytest.approx((10 / 13 + 2 / 5 + 0) / 3)
    assert of.undefined == ()


def test_confusion_by_hand():
    counts = confusion_matrix(np.array([0, 0, 2]), np.array([0, 1, 0]), 4)
    assert counts.tolist() == [[1, 1, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize("seed", range(10))
def test_ua_is_the_balanced_accuracy_where_every_class_is_tested(seed):
    rng = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(5), rng.integers(5, size=40)])
    predicted = np.where(rng.random(45) < 0.5, truth, rng.integers(5, size=45))
    expected = balanced_accuracy_score(truth, predicted)
    assert compute_metrics(truth, predicted, tuple("abcde")).ua == pytest.approx(expected)


def test_a_class_without_a_clip_is_undefined_and_left_out():
    of = compute_metrics(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 0]), ABC)
    assert of.undefined == ("c",)
    assert of.ua == pytest.approx((1 + 1 / 2) / 2)
    assert of.macro_f1 == pytest.approx((4 / 5 + 2 / 3) / 2)


def test_a_class_that_is_only_predicted_is_no_recall_of_0():
    of = compute_metrics(np.array([0, 0, 1, 1]), np.array([0, 2, 1, 2]), ABC)
    assert of.undefined == ("c",)
    assert of.ua == pytest.approx(1 / 2)
    assert of.wa == pytest.approx(1 / 2)


def one_run(
    truth: list[int], predicted: list[int], speakers: str
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    return np.array(truth), np.array(predicted), tuple(speakers)


def a_run(seed: int, speakers: int = 8, right: float = 0.6) -> tuple[np.ndarray, np.ndarray, list]:
    """Every speaker with six clips of each of two classes."""
    rng = np.random.default_rng(seed)
    truth = np.tile(np.repeat([0, 1], 6), speakers)
    predicted = np.where(rng.random(truth.size) < right, truth, 1 - truth)
    return truth, predicted, [f"s{i // 12}" for i in range(truth.size)]


def test_all_right_leaves_no_doubt():
    run = one_run([0, 1, 0, 1], [0, 1, 0, 1], "aabb")
    interval = ua_interval([run], classes=2, seed=0)
    assert (interval.low, interval.high, interval.redrawn) == (1.0, 1.0, 0)


def test_a_single_speaker_has_no_interval():
    assert ua_interval([one_run([0, 1], [0, 1], "aa")], classes=2, seed=0) is None


def test_resamples_that_lack_a_class_are_drawn_again_and_counted():
    # Only one speaker in two has class 1: a quarter of the resamples, the other twice, lack it.
    run = one_run([0, 0, 0, 1], [0, 1, 0, 1], "aabb")
    interval = ua_interval([run], classes=2, seed=0)
    assert interval.redrawn == pytest.approx(1000 / 3, abs=80)
    # Kept are b twice, with recalls 1 and 1, and both, with recalls 2/3 and 1.
    assert (interval.low, interval.high) == pytest.approx((5 / 6, 1))


def test_a_class_that_the_run_does_not_test_is_not_waited_for():
    run = one_run([0, 1, 0, 1], [0, 1, 0, 0], "aabb")
    interval = ua_interval([run], classes=3, seed=0)
    assert (interval.low, interval.high, interval.redrawn) == (0.5, 1.0, 0)


def test_the_interval_is_that_of_its_seed():
    first, again, other = (ua_interval([a_run(0)], classes=2, seed=seed) for seed in (0, 0, 1))
    assert first == again != other


@pytest.mark.parametrize("seed", range(5))
def test_the_interval_holds_the_ua_and_narrows_with_speakers(seed):
    few, many = (a_run(seed, speakers) for speakers in (6, 60))
    wide, narrow = (ua_interval([run], classes=2, seed=0) for run in (few, many))
    assert wide.low <= compute_metrics(few[0], few[1], "ab").ua <= wide.high
    assert narrow.low <= compute_metrics(many[0], many[1], "ab").ua <= narrow.high
    assert narrow.high - narrow.low < wide.high - wide.low


def test_the_interval_is_of_the_mean_over_runs():
    right = one_run([0, 1, 0, 1], [0, 1, 0, 1], "aabb")
    wrong = one_run([0, 1, 0, 1], [1, 0, 1, 0], "aabb")
    interval = ua_interval([right, wrong, wrong, wrong], classes=2, seed=0)
    assert (interval.low, interval.high) == (0.25, 0.25)


def test_runs_share_the_drawn_speakers():
    # What one run gains by drawing a speaker twice the other loses: drawn apart, they would vary.
    a_right = one_run([0, 1, 0, 1], [0, 1, 1, 0], "aabb")
    b_right = one_run([0, 1, 0, 1], [1, 0, 0, 1], "aabb")
    interval = ua_interval([a_right, b_right], classes=2, seed=0)
    assert (interval.low, interval.high) == (0.5, 0.5)


def test_speakers_weigh_by_their_clips():
    # Recalls are of the pooled clips, not means over speakers: a has nine clips, b one.
    run = one_run([0] * 9 + [0, 1, 1], [0] * 9 + [1, 1, 1], "a" * 9 + "b" + "ab")
    assert ua_interval([run], classes=2, seed=0).high == pytest.approx(1.0)
    assert ua_interval([run], classes=2, seed=0).low == pytest.approx(0.5)
    assert compute_metrics(run[0], run[1], "ab").ua == pytest.approx((0.9 + 1) / 2)


def test_the_interval_of_a_difference_is_paired_over_speakers():
    # Speakers differ much, both runs are right on the same clips but for one of each speaker.
    worse = one_run([0, 0, 1, 1] * 2, [1, 0, 1, 1, 1, 1, 1, 1], "aaaabbbb")
    better = one_run([0, 0, 1, 1] * 2, [0, 0, 1, 1, 0, 1, 1, 1], "aaaabbbb")
    alone = ua_interval([better], classes=2, seed=0)
    difference = ua_interval([better], classes=2, seed=0, against=[worse])
    assert (alone.low, alone.high) == (0.75, 1.0)
    assert (difference.low, difference.high) == (0.25, 0.25)


def test_the_difference_is_of_means_over_runs():
    right = one_run([0, 1, 0, 1], [0, 1, 0, 1], "aabb")
    wrong = one_run([0, 1, 0, 1], [1, 0, 1, 0], "aabb")
    interval = ua_interval([right, wrong], classes=2, seed=0, against=[wrong])
    assert (interval.low, interval.high) == (0.5, 0.5)


@pytest.mark.parametrize("seed", range(20))
def test_ua_is_the_balanced_accuracy_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    classes = int(rng.integers(2, 8))
    truth = np.concatenate([np.arange(classes), rng.integers(classes, size=50)])
    predicted = rng.integers(classes, size=truth.size)
    expected = balanced_accuracy_score(truth, predicted)
    assert compute_metrics(truth, predicted, "abcdefgh"[:classes]).ua == pytest.approx(
        expected, abs=1e-12
    )


def test_a_class_without_a_test_clip_is_left_out_though_it_was_guessed():
    # scikit-learn warns of such a class; here it is named.
    found = compute_metrics(np.array([0, 0, 1]), np.array([0, 2, 1]), "abc")
    assert (found.ua, found.undefined) == (0.75, ("c",))
