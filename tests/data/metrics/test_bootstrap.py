"""Confidence intervals by bootstrap over speakers."""

import numpy as np
import pytest

from mdat_data.metrics import bootstrap, compute_metrics, mean_interval, ua_interval


def one_run(
    truth: list[int], predicted: list[int], speakers: str
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    return np.array(truth), np.array(predicted), tuple(speakers)


def a_run(seed: int, speakers: int = 8, right: float = 0.6) -> tuple[np.ndarray, np.ndarray, list]:
    """Every speaker has six utterances of each of two classes."""
    rng = np.random.default_rng(seed)
    truth = np.tile(np.repeat([0, 1], 6), speakers)
    predicted = np.where(rng.random(truth.size) < right, truth, 1 - truth)
    return truth, predicted, [f"s{i // 12}" for i in range(truth.size)]


def test_perfect_predictions_have_an_interval_of_width_0():
    run = one_run([0, 1, 0, 1], [0, 1, 0, 1], "aabb")
    interval = ua_interval([run], classes=2, seed=0)
    assert (interval.low, interval.high, interval.redrawn) == (1.0, 1.0, 0)


def test_the_seed_must_be_given():
    with pytest.raises(TypeError, match="seed"):
        ua_interval([a_run(0)], classes=2)


def test_a_single_speaker_has_no_interval():
    assert ua_interval([one_run([0, 1], [0, 1], "aa")], classes=2, seed=0) is None


def test_resamples_that_lack_a_class_are_drawn_again_and_counted():
    # Only b has class 1: a quarter of the resamples, those that draw a twice, lack it.
    run = one_run([0, 0, 0, 1], [0, 1, 0, 1], "aabb")
    interval = ua_interval([run], classes=2, seed=0)
    assert interval.redrawn == pytest.approx(1000 / 3, abs=80)
    # The others draw b twice, with recalls 1 and 1, or both, with recalls 2/3 and 1.
    assert (interval.low, interval.high) == pytest.approx((5 / 6, 1))


def one_class_each(speakers: int) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Every speaker has one class, which no other has."""
    truth = np.repeat(np.arange(speakers), 3)
    return truth, truth, tuple(f"s{speaker}" for speaker in truth)


def test_where_hardly_a_resample_has_every_class_there_is_no_interval():
    assert ua_interval([one_class_each(10)], classes=10, seed=0) is None


def test_the_draws_end_when_too_few_resamples_have_every_class(monkeypatch):
    # 1.5 % of the resamples of six speakers have every class, and 3.8 % of those of five.
    monkeypatch.setattr(bootstrap, "MOST_DRAWS", 40_000)
    assert ua_interval([one_class_each(6)], classes=6, seed=0) is None
    assert ua_interval([one_class_each(5)], classes=5, seed=0) is not None


def test_numbers_do_not_change():
    """Computed by the first release, with many redraws."""
    rng = np.random.default_rng(7)
    runs = []
    for _ in range(3):
        truth = rng.integers(0, 4, 12)
        predicted = np.where(rng.random(12) < 0.5, truth, rng.integers(0, 4, 12))
        runs.append((truth, predicted, [f"s{number}" for number in rng.integers(0, 5, 12)]))
    interval = ua_interval(runs, classes=4, seed=5, against=[runs[0]])
    assert interval.redrawn == 4074
    assert (interval.low, interval.high) == pytest.approx((0.033664021164, 0.080555555556))


def test_a_resample_need_not_have_a_class_that_the_run_does_not_test():
    run = one_run([0, 1, 0, 1], [0, 1, 0, 0], "aabb")
    interval = ua_interval([run], classes=3, seed=0)
    assert (interval.low, interval.high, interval.redrawn) == (0.5, 1.0, 0)


def test_the_interval_depends_on_the_seed_alone():
    first, again, other = (ua_interval([a_run(0)], classes=2, seed=seed) for seed in (0, 0, 1))
    assert first == again != other


@pytest.mark.parametrize("seed", range(5))
def test_the_interval_contains_the_ua_and_narrows_with_more_speakers(seed):
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
    # Drawing a speaker twice helps one run as much as it harms the other. With separate draws the
    # mean would vary.
    a_right = one_run([0, 1, 0, 1], [0, 1, 1, 0], "aabb")
    b_right = one_run([0, 1, 0, 1], [1, 0, 0, 1], "aabb")
    interval = ua_interval([a_right, b_right], classes=2, seed=0)
    assert (interval.low, interval.high) == (0.5, 0.5)


def test_speakers_count_by_their_number_of_utterances():
    # Recalls are of the pooled utterances, not means over speakers. Of class 0, a has nine and b
    # has one.
    run = one_run([0] * 9 + [0, 1, 1], [0] * 9 + [1, 1, 1], "a" * 9 + "b" + "ab")
    assert ua_interval([run], classes=2, seed=0).high == pytest.approx(1.0)
    assert ua_interval([run], classes=2, seed=0).low == pytest.approx(0.5)
    assert compute_metrics(run[0], run[1], "ab").ua == pytest.approx((0.9 + 1) / 2)


def test_the_interval_of_a_difference_is_paired_over_speakers():
    # The speakers differ much. The runs differ in one utterance of each speaker.
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


def test_the_interval_of_a_mean_draws_speakers_with_all_their_utterances():
    # The mean is 0 or 1 where one of the two is drawn twice, and 1/4 where both are drawn.
    interval = mean_interval(np.array([0.0, 0.0, 0.0, 1.0]), "aaab", seed=0)
    assert interval is not None
    assert (interval.low, interval.high) == (0, 1)
    alike = mean_interval(np.array([0.5, 0.0, 1.0]), "abb", seed=0)
    assert alike is not None
    assert (alike.low, alike.high) == (0.5, 0.5)
    assert mean_interval(np.array([0.0, 1.0]), "aa", seed=0) is None
