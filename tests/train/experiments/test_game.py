"""The choice of a method and its strength by a game among the sources."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toy_features import selection, utterances
from toy_runs import config

from mdat_train.adaptation import AUTO, Adaptation
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.config import TrainConfig
from mdat_train.experiments.game import CANDIDATES, choose, clearly_best, rounds
from mdat_train.experiments.recorder import Recorder, silent
from mdat_train.experiments.transfer import run_transfer
from mdat_train.inputs.scales import Scale
from mdat_train.inputs.selection import Origin, Selection, joined


def source(name: str, *, seed: int, separation: float, speakers: int = 4) -> Selection:
    """A file whose classes lie apart, in a direction of its own where `separation` is negative."""
    of = selection(utterances(speakers=speakers, clips=8), seed=seed, separation=separation)
    renamed = tuple(
        replace(u, id=f"{name}/{u.id}", speaker=f"{name}/{u.speaker}", group=f"{name}/{u.group}")
        for u in of.utterances
    )
    return replace(of, utterances=renamed, origins=(Origin(name=name),) * len(of))


ALIKE = joined([source(name, seed=n, separation=1.0) for n, name in enumerate("ab")])
OPPOSED = joined([source("a", seed=0, separation=1.0), source("b", seed=1, separation=-1.0)])
LINEAR = config(model="linear", adaptation=AUTO, target=Path("t.h5"), shots=(5,))


def test_every_source_stands_for_the_target_once():
    found = list(rounds(joined([ALIKE, source("c", seed=3, separation=1.0)]), seed=0))
    assert [name for name, *_ in found] == ["a", "b", "c"]
    for name, target, others in found:
        assert {origin.name for origin in target.origins} == {name}
        assert {origin.name for origin in others.origins} == {"a", "b", "c"} - {name}


def test_halves_of_the_speakers_of_a_single_source_stand_for_the_target():
    one = source("a", seed=0, separation=1.0)
    found = list(rounds(one, seed=0))
    assert [name for name, *_ in found] == [f"half {n} of the speakers of a" for n in (1, 2)]
    for _, target, others in found:
        sides = [{u.speaker for u in side.utterances} for side in (target, others)]
        assert not sides[0] & sides[1]
        assert len(target) + len(others) == len(one)


def test_what_is_best_among_the_sources_is_chosen():
    best, choice = choose(OPPOSED, LINEAR, shots=5, seed=0)
    assert best in CANDIDATES
    assert choice.chosen == best.label
    assert [*choice.scores] == [candidate.label for candidate in CANDIDATES]
    assert choice.played_on == "a; b"
    assert choice.scores["none"] < choice.scores["joint"] <= choice.scores[best.label]


@pytest.mark.parametrize(
    ("uas", "expected"),
    [
        ([[0.5, 0.5, 0.5], [0.6, 0.6, 0.6]], 1),
        ([[0.6, 0.5, 0.5], [0.7, 0.6, 0.5]], 0),
        ([[0.9, 0.5, 0.5], [0.3, 0.6, 0.6]], 1),
        ([[0.6, 0.5, 0.7], [0.7, 0.6, 0.8]], 2),
        ([[0.6, 0.5, 1.0], [0.7, 0.6, 0.5]], 0),
    ],
)
def test_the_default_wins_unless_another_is_clearly_better(uas, expected):
    """No gain; a sure one; an unsure one; the larger of two; a sure one before an unsure one."""
    assert clearly_best(np.array(uas), default=1) == expected


@pytest.mark.parametrize("model", ["svm", "mdat"])
def test_the_pull_of_the_linear_classifier_is_chosen_for_no_other(model):
    _, choice = choose(OPPOSED, replace(LINEAR, model=model), shots=5, seed=0)
    assert not [label for label in choice.scores if label.startswith("prior")]


def test_where_no_source_can_stand_for_the_target_the_reason_is_told():
    lonely = source("a", seed=0, separation=1.0, speakers=1)
    best, choice = choose(lonely, LINEAR, shots=5, seed=0)
    assert best == Adaptation(name="joint")
    assert (choice.chosen, choice.scores) == (best.label, {})
    assert "there are 1: a/s0" in choice.played_on


def test_a_source_that_cannot_stand_for_the_target_is_told():
    small = source("c", seed=3, separation=1.0, speakers=1)
    _, choice = choose(joined([ALIKE, small]), LINEAR, shots=5, seed=0)
    assert choice.played_on.startswith("a; b; not c: --split group needs support and query from")


def transferred(target: Selection, options: TrainConfig = LINEAR) -> Recorder:
    recorder = Recorder(SklearnClassifier("linear", standardize=True), options, silent)
    run_transfer(recorder, OPPOSED, Scale(target, "train"))
    return recorder


def test_the_target_has_no_say_in_the_choice():
    """Neither its labels nor its features: it could be any other corpus."""
    target = source("t", seed=5, separation=1.0)
    labels = [u.emotion for u in target.utterances]
    pairs = zip(target.utterances, np.roll(labels, 1).tolist(), strict=True)
    other = replace(
        target,
        utterances=tuple(replace(u, emotion=emotion) for u, emotion in pairs),
        speech=tuple(rows * 2 for rows in target.speech),
    )
    first, second = (transferred(of).chosen for of in (target, other))
    assert first == second
    assert [*first] == ["seed 0, 5 shots"]


def test_a_game_is_played_once_for_all_draws(monkeypatch):
    played = []

    def counted(*args, shots: int, seed: int):
        played.append((seed, shots))
        return choose(*args, shots=shots, seed=seed)

    monkeypatch.setattr("mdat_train.experiments.adapting.choose", counted)
    options = replace(LINEAR, shots=(1, 5), seeds=2, shot_draws=3)
    transferred(source("t", seed=5, separation=1.0), options)
    assert played == [(0, 1), (0, 5), (1, 1), (1, 5)]
