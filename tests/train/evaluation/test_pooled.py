"""The difference of two models over several targets."""

import numpy as np
import pytest

from mdat_train.evaluation.comparison import compare
from mdat_train.evaluation.pooled import pooled
from mdat_train.runs.condition import QUERY, SOURCE, Condition
from mdat_train.runs.predictions import Predictions

CONDITION = Condition(model="linear", trained_on=SOURCE, tested_on=QUERY, shots=0)


def predictions(name: str, right: list[int], of_each: int = 4) -> list[Predictions]:
    """Speakers of whose utterances, two of each class, some are right."""
    truth = np.tile([0, 1] * (of_each // 2), len(right))
    correct = np.concatenate([np.arange(of_each) < number for number in right])
    return [
        Predictions(
            condition=CONDITION,
            seed=0,
            draw=0,
            ids=tuple(f"{name}{row}" for row in range(len(truth))),
            speakers=tuple(f"{name}{row // of_each}" for row in range(len(truth))),
            truth=truth,
            probabilities=np.eye(2)[np.where(correct, truth, 1 - truth)],
        )
    ]


FEW = predictions("a", [4, 4]), predictions("a", [2, 2])
MANY = predictions("b", [3] * 8), predictions("b", [2] * 8)


def test_targets_weigh_the_same_whatever_their_size():
    of = pooled([FEW, MANY], seed=0)
    alone = [compare(*pair, seed=0).difference for pair in (FEW, MANY)]
    assert of.difference == pytest.approx(np.mean(alone)) == pytest.approx((0.5 + 0.25) / 2)
    assert (of.targets, of.speakers) == (2, 10)


def test_a_single_target_has_the_difference_and_the_test_of_a_comparison():
    of, alone = pooled([MANY], seed=0), compare(*MANY, seed=0)
    assert (of.difference, of.p) == (alone.difference, alone.p)


def test_speakers_who_all_gain_exclude_no_difference_and_those_who_do_not_include_it():
    of = pooled([FEW, MANY], seed=0)
    assert 0 < of.low <= of.difference <= of.high
    assert of.p == pytest.approx(2 / 2**10)
    unsure = pooled([(predictions("c", [4, 0, 4, 0]), predictions("c", [2] * 4))], seed=0)
    assert unsure.low < 0 < unsure.high
    assert unsure.p == 1


def test_speakers_are_drawn_within_their_target():
    """Both targets have no speaker who differs from the others, so that nothing varies."""
    of = pooled([FEW, MANY], seed=0)
    assert of.low == pytest.approx(of.high)
