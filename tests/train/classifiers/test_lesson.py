"""What a network learns in an epoch: every utterance in turn, or a random draw."""

import numpy as np
from toy_features import selection, utterances

from mdat_train.classifiers.lesson import LEAST_UTTERANCES, Lesson, enough_draws
from mdat_train.inputs.balance import balanced

MANY = selection(utterances(speakers=9, clips=5))
FEW = selection(utterances(speakers=2, clips=3))
SIZE = 16


def rows(of: Lesson, seed: int = 0) -> np.ndarray:
    return np.concatenate(list(of.orders(np.random.default_rng(seed), SIZE)))


def test_every_utterance_is_learned_in_turn():
    lesson = Lesson(train=MANY)
    assert sorted(rows(lesson)) == list(range(180))
    assert rows(lesson).tolist() != rows(lesson, seed=1).tolist()
    np.testing.assert_array_equal(lesson.weights(), balanced(MANY))
    assert lesson.steps(SIZE) == 12


def test_a_small_set_is_passed_over_several_times():
    lesson = Lesson(train=FEW)
    assert np.bincount(rows(lesson)).tolist() == [7] * 24
    assert lesson.steps(SIZE) == 7 * 2


def test_a_draw_follows_the_shares():
    shares = np.where(np.arange(len(MANY)) < 20, 8.0, 1.0)
    lesson = Lesson(train=MANY, shares=shares, drawn=3200)
    assert len(rows(lesson)) == 3200
    assert lesson.steps(SIZE) == 200
    assert 0.45 < (rows(lesson) < 20).mean() < 0.55
    assert (lesson.weights() == 1).all()


def test_utterances_of_similar_length_share_a_batch():
    lesson = Lesson(train=MANY, shares=np.ones(len(MANY)), drawn=64)
    lengths = np.array(MANY.speech_lengths)[rows(lesson)].reshape(-1, SIZE)
    assert np.ptp(lengths, axis=1).mean() < 4


def test_the_likeliest_are_drawn_once_on_average_and_a_few_are_drawn_often():
    assert enough_draws(np.array([4.0, 4.0, 1.0])) == LEAST_UTTERANCES
    shares = np.concatenate([np.full(300, 1 / 300), np.full(2000, 0.1 / 2000)])
    assert enough_draws(shares) == 330
