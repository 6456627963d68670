"""Scores of groups of people and the gap between them."""

from dataclasses import replace

import numpy as np
import pytest
from toy_runs import config

from mdat_train.runs.condition import QUERY, SOURCE, Condition
from mdat_train.runs.fairness import Fairness, fairness
from mdat_train.runs.predictions import Predictions, PredictionTable
from mdat_train.runs.run import Run

MDAT = Condition(model="mdat", trained_on=SOURCE, tested_on=QUERY, shots=0)
SEX = {
    f"{speaker}{clip}": sex for speaker, sex in zip("abcd", "ffmm", strict=True) for clip in "1234"
}


def run(*wrong: str, seeds: int = 1, classes: tuple[str, ...] = ("angry", "sad")) -> Run:
    """Four speakers say both emotions twice; the utterances named are predicted wrongly."""
    ids = tuple(SEX)
    truth = np.array([0, 0, 1, 1] * 4)
    predicted = np.where([id in wrong for id in ids], 1 - truth, truth)
    of_seeds = tuple(
        Predictions(
            condition=MDAT,
            seed=seed,
            draw=None,
            ids=ids,
            speakers=tuple(id[0] for id in ids),
            truth=truth,
            probabilities=np.eye(len(classes))[predicted],
        )
        for seed in range(seeds)
    )
    return Run(
        config=config(),
        provenance={},
        classes=classes,
        utterances={},
        predictions=PredictionTable(classes, of_seeds),
    )


def compared(of: Run, fact: str, values: dict[str, str]) -> Fairness | None:
    """The comparison of a run whose test utterances have some values."""
    known = of.predictions.with_facts({fact: values})
    return fairness(replace(of, predictions=known), MDAT, fact)


def test_each_group_has_its_scores_and_the_highest_is_the_first():
    found = compared(run("a1", "a3", "b1"), "sex", SEX)
    assert found is not None
    assert [(g.value, g.ua.mean, g.speakers) for g in found.groups] == [
        ("m", 1.0, 2),
        ("f", pytest.approx(0.625), 2),
    ]
    assert found.gap == pytest.approx(0.375)


def test_intervals_are_those_of_the_speakers():
    found = compared(run("a1", "a3", "b1"), "sex", SEX)
    assert found is not None and found.interval is not None
    high, low = found.groups
    assert (high.interval.low, high.interval.high) == (1.0, 1.0)
    assert (low.interval.low, low.interval.high) == (0.5, 0.75)  # speaker a alone, b alone
    assert (found.interval.low, found.interval.high) == (0.25, 0.5)


def test_seeds_are_averaged():
    found = compared(run("c1", seeds=3), "sex", SEX)
    assert found is not None
    assert [(g.value, g.ua.mean, g.ua.std) for g in found.groups] == [
        ("f", 1.0, 0.0),
        ("m", 0.875, 0.0),
    ]


def test_what_is_unknown_is_no_group():
    known = {id: sex for id, sex in SEX.items() if id[0] in "ac"} | {"b1": ""}
    found = compared(run(), "sex", known)
    assert found is not None
    assert [(g.value, g.speakers, g.interval) for g in found.groups] == [
        ("f", 1, None),
        ("m", 1, None),
    ]
    assert found.interval is None  # of a gap between two people


@pytest.mark.parametrize("values", [{}, dict.fromkeys(SEX, "f"), dict.fromkeys(SEX, "")])
def test_one_group_has_nothing_to_be_compared_with(values):
    assert compared(run(), "sex", values) is None


def test_a_group_names_the_classes_that_it_lacks():
    values = {id: "late" if id[1] in "34" else "early" for id in SEX}
    found = compared(run(classes=("angry", "sad", "fear")), "time", values)
    assert found is not None
    assert {g.value: g.missing for g in found.groups} == {
        "early": ("sad", "fear"),
        "late": ("angry", "fear"),
    }
    assert found.interval is not None
