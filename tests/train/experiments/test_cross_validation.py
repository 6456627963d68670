"""Who is trained and who is tested within a corpus, shown by a classifier that only remembers."""

from contextlib import contextmanager

import pytest
from remembering_classifier import recorder
from toy_features import selection, utterance, utterances
from toy_runs import ignore_epoch

from mdat_train.classifiers.classifier import Fitted
from mdat_train.experiments.cross_validation import count_folds, fit_whole, run_folds
from mdat_train.experiments.recorder import Recorder
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import FOLDS, HELD_OUT, SOURCE, Condition
from mdat_train.runs.predictions import Predictions

CORPUS = selection(utterances(speakers=6, clips=2))
LARGER = selection(utterances(speakers=6, clips=3), seed=2)
"""18 utterances of each emotion."""


def within(of: Recorder, corpus: Selection) -> Fitted:
    run_folds(of, corpus)
    return fit_whole(of, corpus)


def right(predictions: Predictions) -> bool:
    return bool((predictions.predicted == predictions.truth).all())


@pytest.mark.parametrize("split", ["group", "random"])
def test_every_utterance_is_predicted_once_per_seed(split):
    of, _ = recorder(split=split, folds=3, seeds=2)
    within(of, CORPUS)
    assert [p.seed for p in of.predictions] == [0, 1]
    assert [p.ids for p in of.predictions] == [CORPUS.ids] * 2
    assert [p.speakers for p in of.predictions] == [tuple(u.speaker for u in CORPUS.utterances)] * 2
    assert all(map(right, of.predictions))
    condition = Condition(model="mdat", trained_on=SOURCE, tested_on=FOLDS, shots=0)
    assert {p.condition for p in of.predictions} == {condition}


@pytest.mark.parametrize("split", ["group", "random"])
def test_no_model_is_tested_on_its_training_data(split):
    of, classifier = recorder(split=split, folds=3, seeds=2)
    within(of, CORPUS)
    assert len(classifier.predicted) == 6
    assert not any(set(fitted.state) & set(tested.ids) for fitted, tested in classifier.predicted)


def test_folds_by_group_hold_speakers_out():
    of, classifier = recorder(folds=3)
    run_folds(of, CORPUS)
    tested = [{u.speaker for u in of.utterances} for _, of in classifier.predicted]
    trained = [{id.split("-")[0] for id in fitted.state} for fitted, _ in classifier.predicted]
    assert not any(a & b for a, b in zip(tested, trained, strict=True))
    assert sorted(speaker for fold in tested for speaker in fold) == [f"s{i}" for i in range(6)]


@pytest.mark.parametrize("split", ["group", "random"])
def test_groups_are_held_out_of_every_training_set(split):
    of, classifier = recorder(split=split, folds=3)
    within(of, CORPUS)
    groups = [
        ({u.group for u in train.utterances}, {u.group for u in validation.utterances})
        for train, validation, _ in classifier.fitted
        if validation is not None
    ]
    assert len(groups) == 4
    assert not any(train & validation for train, validation in groups)


def test_without_patience_all_groups_are_trained_on():
    of, classifier = recorder(folds=3, patience=0)
    within(of, CORPUS)
    assert [validation for _, validation, _ in classifier.fitted] == [None] * 4
    assert sorted(len(train) for train, _, _ in classifier.fitted) == [32, 32, 32, 48]


def test_80_20_tests_one_utterance_in_five_and_speakers_are_on_both_sides():
    of, classifier = recorder(split="80-20", seeds=2, patience=0)
    run_folds(of, LARGER)
    condition = Condition(model="mdat", trained_on=SOURCE, tested_on=HELD_OUT, shots=0)
    assert {p.condition for p in of.predictions} == {condition}
    tested = [set(p.ids) for p in of.predictions]
    assert [len(ids) for ids in tested] == [15, 15]
    assert tested[0] != tested[1]
    trained = [set(train.ids) for train, _, _ in classifier.fitted]
    assert [seen | ids for seen, ids in zip(trained, tested, strict=True)] == [set(LARGER.ids)] * 2
    speakers = [
        ({u.speaker for u in t.utterances}, set(p.speakers))
        for (t, _, _), p in zip(classifier.fitted, of.predictions, strict=True)
    ]
    assert all(of_train & of_test for of_train, of_test in speakers)
    assert all(map(right, of.predictions))


def test_seeds_from_the_first_one_on_are_those_of_a_longer_run():
    whole, late = (recorder(folds=3, **seeds)[0] for seeds in SEEDS)
    run_folds(whole, CORPUS)
    run_folds(late, CORPUS)
    assert [p.seed for p in late.predictions] == [2]
    assert [t.split for t in late.trainings] == [t.split for t in whole.trainings[6:]]


SEEDS = ({"seeds": 3}, {"seeds": 1, "first_seed": 2})


def test_the_model_that_is_kept_was_trained_on_the_whole_corpus():
    of, classifier = recorder(folds=3, first_seed=5)
    kept = within(of, CORPUS)
    assert sorted(kept.state) == sorted(CORPUS.ids)
    assert of.trainings[-1].name == "whole corpus"
    assert classifier.fitted[-1][-1] == 5


def test_where_no_group_can_be_held_out_there_is_no_validation_set():
    lonely = selection([utterance(f"{s}{i}", s, s) for s in ("angry", "sad") for i in range(4)])
    of, classifier = recorder(folds=2)
    within(of, lonely)
    assert [validation for _, validation, _ in classifier.fitted] == [None] * 3


def test_trainings_have_their_splits_and_warnings():
    of, _ = recorder(split="random", folds=3)
    within(of, CORPUS)
    names = [training.name for training in of.trainings]
    assert names == ["seed 0, fold 0", "seed 0, fold 1", "seed 0, fold 2", "whole corpus"]
    tested = [id for training in of.trainings for id in training.split.test]
    assert sorted(tested) == sorted(CORPUS.ids)
    assert ["are in the training set too" in " ".join(t.warnings) for t in of.trainings] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "changed", [{}, {"seeds": 3, "folds": 4}, {"split": "80-20", "seeds": 2}, {"split": "random"}]
)
def test_the_number_of_trainings_is_known_before(changed):
    shown: list[str] = []

    @contextmanager
    def progress(name: str):
        shown.append(name)
        yield ignore_epoch

    of, _ = recorder(progress=progress, **changed)
    run_folds(of, LARGER)
    assert len(shown) == len(set(shown)) == count_folds(of.config)
    assert [training.name for training in of.trainings] == shown
