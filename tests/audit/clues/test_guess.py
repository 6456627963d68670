"""Guesses find what a clue tells, and nothing in noise."""

import numpy as np
import pytest

from mdat_audit.clues.guess import guess

RNG = np.random.default_rng(0)
LABELS = np.repeat([0, 1, 2, 0], 30)  # the first class has half of the utterances
SPEAKERS = [f"s{row % 12}" for row in range(len(LABELS))]
ROWS = RNG.permutation(len(LABELS))
HALVES = [(ROWS[:60], ROWS[60:]), (ROWS[60:], ROWS[:60])]


def guessed(values, sides=HALVES):
    return guess(values, LABELS, sides, speakers=SPEAKERS, seed=0)


def test_numbers_that_show_the_class_are_found_however_they_are_ordered():
    values = np.choose(LABELS, [5.0, -1.0, 300.0])[:, None] + RNG.normal(size=(len(LABELS), 1))
    found = guessed(values)
    assert found.ua > 0.95
    assert found.tells
    assert found.chance == pytest.approx(1 / 3)
    assert found.utterances == len(LABELS)


def test_words_that_show_the_class_are_found():
    found = guessed(np.array([f"word {label}" for label in LABELS]))
    assert (found.ua, found.tells) == (1, True)


@pytest.mark.parametrize("seed", range(5))
def test_noise_tells_nothing(seed):
    rng = np.random.default_rng(seed)
    assert guessed(rng.normal(size=(len(LABELS), 2))).ua < 0.5
    assert guessed(rng.integers(0, 4, len(LABELS)).astype(str)).ua < 0.5


@pytest.mark.parametrize("words", ["the same", "new"])
def test_words_that_tell_nothing_have_exactly_chance(words):
    values = np.array([words if words == "the same" else f"{n}" for n in range(len(LABELS))])
    found = guessed(values)
    assert found.ua == pytest.approx(1 / 3)
    assert not found.tells


def test_one_speaker_has_no_interval_and_no_verdict():
    values = np.array([f"word {label}" for label in LABELS])
    found = guess(values, LABELS, HALVES, speakers=["s"] * len(LABELS), seed=0)
    assert (found.ua, found.interval, found.tells) == (1, None, False)


def test_few_speakers_do_not_make_noise_tell():
    """With eight speakers the intervals alone are too narrow: eight of sixty lie above chance."""
    labels, speakers = np.tile([0, 1, 2], 32), [f"s{row // 12}" for row in range(96)]
    found = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        one, two = np.split(rng.permutation(96), 2)
        words = rng.integers(0, 6, 96).astype(str)
        found.append(guess(words, labels, [(one, two), (two, one)], speakers=speakers, seed=seed))
    assert sum(each.interval.low > each.chance for each in found) > 5
    assert not any(each.tells for each in found)
