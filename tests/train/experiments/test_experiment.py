"""Who learns from whom, told by a system that only remembers."""

from collections import Counter
from contextlib import contextmanager

import numpy as np
import pytest
from toy_features import selection, utterance, utterances
from toy_runs import config, silent, unwatched

from mdat_data import InputError
from mdat_train.classifiers.classifier import Fitted, System, Watch
from mdat_train.experiments.experiment import Experiment, planned_trainings
from mdat_train.inputs.selection import Selection
from mdat_train.runs.run import Condition, Predictions

CORPUS = selection(utterances(speakers=6, clips=2))
SOURCE = selection(utterances(speakers=5, clips=2), seed=1)
TARGET = selection(utterances(speakers=6, clips=3), seed=2)
"""18 clips of each emotion."""


class Memory:
    """A system whose state is what it learned from; it remembers what it was asked."""

    def __init__(self) -> None:
        self.fitted: list[tuple[Selection, Selection | None, int]] = []
        self.adapted: list[tuple[Fitted, Selection, int]] = []
        self.asked: list[tuple[Fitted, Selection]] = []

    def fit(
        self, train: Selection, validation: Selection | None, *, seed: int, watch: Watch
    ) -> Fitted:
        self.fitted.append((train, validation, seed))
        return Fitted(state=(*train.ids, *(validation.ids if validation else ())))

    def adapt(self, fitted: Fitted, support: Selection, *, seed: int, watch: Watch) -> Fitted:
        self.adapted.append((fitted, support, seed))
        return Fitted(state=("adapted", *support.ids))

    def predict(self, fitted: Fitted, selection: Selection) -> np.ndarray:
        self.asked.append((fitted, selection))
        return np.eye(len(selection.classes), dtype=np.float32)[selection.labels]


def experiment(**changed) -> tuple[Experiment, Memory]:
    system = Memory()
    return Experiment(system, config(**{"model": "mdat"} | changed), silent), system


def right(predictions: Predictions) -> bool:
    return bool((predictions.predicted == predictions.truth).all())


@pytest.mark.parametrize("split", ["group", "random"])
def test_within_predicts_every_utterance_once_per_seed(split):
    of, _ = experiment(split=split, folds=3, seeds=2)
    of.within(CORPUS)
    assert [p.seed for p in of.predictions] == [0, 1]
    assert [p.ids for p in of.predictions] == [CORPUS.ids] * 2
    assert [p.speakers for p in of.predictions] == [tuple(u.speaker for u in CORPUS.utterances)] * 2
    assert all(map(right, of.predictions))
    assert {p.condition for p in of.predictions} == {
        Condition(system="mdat", test="folds", shots=0)
    }


@pytest.mark.parametrize("split", ["group", "random"])
def test_no_model_is_asked_about_what_it_saw(split):
    of, system = experiment(split=split, folds=3, seeds=2)
    of.within(CORPUS)
    assert len(system.asked) == 6
    assert not any(set(fitted.state) & set(asked.ids) for fitted, asked in system.asked)


def test_folds_by_group_hold_speakers_out():
    of, system = experiment(folds=3)
    of.folds(CORPUS)
    speakers = [{u.speaker for u in asked.utterances} for _, asked in system.asked]
    heard = [{id.split("-")[0] for id in fitted.state} for fitted, _ in system.asked]
    assert not any(a & b for a, b in zip(speakers, heard, strict=True))
    assert sorted(speaker for fold in speakers for speaker in fold) == [f"s{i}" for i in range(6)]


@pytest.mark.parametrize("split", ["group", "random"])
def test_groups_are_held_out_of_every_training_part(split):
    of, system = experiment(split=split, folds=3)
    of.within(CORPUS)
    groups = [
        ({u.group for u in train.utterances}, {u.group for u in validation.utterances})
        for train, validation, _ in system.fitted
        if validation is not None
    ]
    assert len(groups) == 4
    assert not any(train & validation for train, validation in groups)


def test_without_patience_everything_is_learned_from():
    of, system = experiment(folds=3, patience=0)
    of.within(CORPUS)
    assert [validation for _, validation, _ in system.fitted] == [None] * 4
    assert sorted(len(train) for train, _, _ in system.fitted) == [32, 32, 32, 48]


def test_a_single_division_tests_one_in_five_and_speakers_stand_on_both_sides():
    of, system = experiment(split="80-20", seeds=2, patience=0)
    of.folds(TARGET)
    assert {p.condition for p in of.predictions} == {Condition(system="mdat", test="20 %", shots=0)}
    tested = [set(p.ids) for p in of.predictions]
    assert [len(ids) for ids in tested] == [15, 15]
    assert tested[0] != tested[1]
    learned = [set(train.ids) for train, _, _ in system.fitted]
    assert [seen | ids for seen, ids in zip(learned, tested, strict=True)] == [set(TARGET.ids)] * 2
    assert all(map(right, of.predictions))


def test_seeds_from_the_first_one_on_are_those_of_a_longer_run():
    whole, late = (experiment(folds=3, **seeds)[0] for seeds in SEEDS)
    whole.folds(CORPUS)
    late.folds(CORPUS)
    assert [p.seed for p in late.predictions] == [2]
    assert [t.split for t in late.trainings] == [t.split for t in whole.trainings[6:]]


SEEDS = ({"seeds": 3}, {"seeds": 1, "first_seed": 2})


def test_every_seed_holds_other_groups_out():
    of, system = experiment(seeds=6)
    of.across(SOURCE, TARGET)
    held_out = {held.utterances[0].group for _, held, _ in system.fitted if held is not None}
    assert [seed for _, _, seed in system.fitted] == list(range(6))
    assert len(held_out) > 1


def test_the_model_that_is_kept_learned_from_the_whole_corpus():
    of, _ = experiment(folds=3)
    kept = of.within(CORPUS)
    assert sorted(kept.state) == sorted(CORPUS.ids)
    assert of.trainings[-1].name == "whole corpus"


def test_where_no_group_can_be_held_out_there_is_no_validation_part():
    lonely = selection([utterance(f"{s}{i}", s, s) for s in ("angry", "sad") for i in range(4)])
    of, system = experiment(folds=2)
    of.within(lonely)
    assert [validation for _, validation, _ in system.fitted] == [None] * 3


def test_trainings_remember_their_splits_and_warnings():
    of, _ = experiment(split="random", folds=3)
    of.within(CORPUS)
    names = [training.name for training in of.trainings]
    assert names == ["seed 0, fold 0", "seed 0, fold 1", "seed 0, fold 2", "whole corpus"]
    tested = [id for training in of.trainings for id in training.split.test]
    assert sorted(tested) == sorted(CORPUS.ids)
    assert ["heard in training too" in " ".join(t.warnings) for t in of.trainings] == [
        True,
        True,
        True,
        False,
    ]


@pytest.fixture(scope="module")
def crossed() -> tuple[Experiment, Memory, Fitted]:
    of, system = experiment(shots=(5, 10), seeds=2, shot_draws=3)
    return of, system, of.across(SOURCE, TARGET)


def test_every_number_of_shots_has_both_controls(crossed):
    counts = Counter(p.condition for p in crossed[0].predictions)
    of_query = {
        (system, shots): 6
        for shots in (5, 10)
        for system in ("mdat", "mdat, clips alone", "linear, clips alone")
    } | {("mdat", 0): 6}
    expected = {Condition(system=s, test="query", shots=k): n for (s, k), n in of_query.items()}
    assert counts == expected | {Condition(system="mdat", test="target", shots=0): 2}


def test_seeds_and_draws_are_told(crossed):
    of_ten = [p for p in crossed[0].predictions if p.condition.shots == 10]
    own = [(p.seed, p.draw) for p in of_ten if p.condition.system == "mdat"]
    assert own == [(seed, draw) for seed in range(2) for draw in range(3)]


def test_clips_and_queries_are_the_same_for_every_system_and_others_for_every_draw(crossed):
    of_query = [p for p in crossed[0].predictions if p.condition.test == "query"]
    queries = {(p.seed, p.draw, p.ids) for p in of_query}
    assert sorted((seed, draw) for seed, draw, _ in queries) == [
        (seed, draw) for seed in range(2) for draw in range(3)
    ]
    supports = {
        (*t.name.split(", ")[:3], t.split.train) for t in crossed[0].trainings if "shots" in t.name
    }
    assert len(supports) == 2 * 3 * 2
    assert len({support for *_, support in supports}) == 2 * 3 * 2


def test_no_model_is_asked_about_its_clips(crossed):
    _, system, _ = crossed
    of_query = [(f, asked) for f, asked in system.asked if len(asked) < len(TARGET)]
    assert len(of_query) == 6 * (1 + 2 + 2)
    clips = [set(f.state) - set(SOURCE.ids) for f, _ in of_query]
    assert not any(c & set(a.ids) for c, (_, a) in zip(clips, of_query, strict=True))
    assert all(len(asked) == 4 * (18 - 15) for _, asked in of_query)


@pytest.mark.parametrize(("split", "shared"), [("group", 0), ("random", 4)])
def test_who_is_heard_in_clips_and_queries(split, shared):
    of, system = experiment(shots=(5,), split=split, patience=0)
    of.across(SOURCE, TARGET)
    ((_, support, _),) = system.adapted
    (queries,) = {p.speakers for p in of.predictions if p.condition.test == "query"}
    heard = {u.speaker for u in support.utterances} & set(queries)
    assert len(heard) >= shared
    assert bool(heard) == bool(shared)


def test_each_number_of_shots_adapts_the_model_of_the_source_anew(crossed):
    _, system, _ = crossed
    assert len(system.adapted) == 12
    assert all(set(fitted.state) == set(SOURCE.ids) for fitted, _, _ in system.adapted)
    assert [len(support) for _, support, _ in system.adapted] == [20, 40] * 6
    assert [seed for _, _, seed in system.adapted] == [0] * 6 + [1] * 6


def test_the_control_learns_from_the_clips_alone_and_watches_nothing(crossed):
    _, system, _ = crossed
    alone = [(train, held) for train, held, _ in system.fitted if len(train) in (20, 40)]
    clips = [support for _, support, _ in system.adapted]
    assert [train.ids for train, _ in alone] == [support.ids for support in clips]
    assert not any(held for _, held in alone)


def test_the_target_is_never_watched(crossed):
    _, system, _ = crossed
    watched = [(train, held) for train, held, _ in system.fitted if held is not None]
    assert len(watched) == 2
    # Ids are alike in both corpora, features are not.
    of_source = {rows.tobytes() for rows in SOURCE.speech}
    assert all({r.tobytes() for r in (*t.speech, *h.speech)} == of_source for t, h in watched)


def test_the_model_that_is_kept_is_adapted_with_the_most_clips(crossed):
    of, _, kept = crossed
    (training,) = [t for t in of.trainings if t.name == "seed 0, draw 0, 10 shots, mdat"]
    assert kept.state == ("adapted", *training.split.train)


def test_without_shots_the_model_of_the_source_is_kept():
    of, system = experiment(seeds=2)
    assert sorted(of.across(SOURCE, TARGET).state) == sorted(SOURCE.ids)
    assert [asked.ids for _, asked in system.asked] == [TARGET.ids] * 2


def test_a_target_too_small_is_refused_before_anything_is_trained():
    of, system = experiment(shots=(18,))
    with pytest.raises(InputError, match="a pool of 18 clips"):
        of.across(SOURCE, TARGET)
    assert not system.fitted


@pytest.mark.parametrize("target", [False, True])
@pytest.mark.parametrize("model", ["mdat", "linear", "svm"])
@pytest.mark.parametrize(
    "changed", [{}, {"seeds": 3, "folds": 4}, {"shots": (0, 2, 5), "shot_draws": 2, "seeds": 2}]
)
def test_as_many_trainings_are_shown_as_planned(target, model, changed):
    shown: list[str] = []

    @contextmanager
    def progress(name: str):
        shown.append(name)
        yield unwatched

    options = config(model=model, target="t.h5" if target else None, **changed)
    system: System = Memory()
    of = Experiment(system, options, progress)
    _ = of.across(SOURCE, TARGET) if target else of.within(CORPUS)
    assert len(shown) == len(set(shown)) == planned_trainings(options)
    assert [training.name for training in of.trainings] == shown
