"""Who is trained and who is tested in transfer, shown by a classifier that only remembers."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from remembering_classifier import RememberingClassifier, recorder
from toy_features import selection, utterances
from toy_runs import ignore_epoch

from mdat_data import InputError
from mdat_train import adaptation
from mdat_train.adaptation import METHODS, Setting, Strengths
from mdat_train.classifiers.classifier import Fitted
from mdat_train.experiments.adapting import Transferred
from mdat_train.experiments.recorder import Recorder
from mdat_train.experiments.transfer import count_transfer, run_transfer
from mdat_train.inputs.scales import Scale
from mdat_train.inputs.scaling import statistics_of
from mdat_train.runs.condition import ADAPTED, QUERY, SOURCE, SUPPORT, TARGET, Condition

CORPUS = selection(utterances(speakers=5, clips=2), seed=1)
TARGET_CORPUS = selection(utterances(speakers=6, clips=3), seed=2)
"""18 utterances of each emotion."""

Crossed = tuple[Recorder, RememberingClassifier, Transferred]


def test_every_seed_holds_other_groups_out():
    of, classifier = recorder(seeds=6)
    run_transfer(of, CORPUS, Scale(TARGET_CORPUS, "train"))
    held_out = {held.utterances[0].group for _, held, _ in classifier.fitted if held is not None}
    assert [seed for _, _, seed in classifier.fitted] == list(range(6))
    assert len(held_out) > 1


@pytest.fixture(scope="module")
def crossed() -> Crossed:
    of, classifier = recorder(shots=(5, 10), seeds=2, shot_draws=3)
    return of, classifier, run_transfer(of, CORPUS, Scale(TARGET_CORPUS, "train"))


def condition(model: str, trained_on: str, shots: int) -> Condition:
    return Condition(model=model, trained_on=trained_on, tested_on=QUERY, shots=shots)


def test_every_number_of_shots_has_both_controls(crossed):
    counts = Counter(p.condition for p in crossed[0].predictions)
    expected = {
        condition(model, trained_on, shots): 6
        for shots in (5, 10)
        for model, trained_on in (("mdat", ADAPTED), ("mdat", SUPPORT), ("linear", SUPPORT))
    }
    expected[condition("mdat", SOURCE, 0)] = 6
    zero_shot = Condition(model="mdat", trained_on=SOURCE, tested_on=TARGET, shots=0)
    assert counts == expected | {zero_shot: 2}


def test_the_linear_classifier_has_a_single_control():
    of, _ = recorder(model="linear", shots=(5,))
    run_transfer(of, CORPUS, Scale(TARGET_CORPUS, "train"))
    of_query = [p.condition for p in of.predictions if p.condition.tested_on == QUERY]
    assert of_query == [
        condition("linear", SOURCE, 0),
        condition("linear", ADAPTED, 5),
        condition("linear", SUPPORT, 5),
    ]


def test_predictions_have_their_seeds_and_draws(crossed):
    own = [(p.seed, p.draw) for p in crossed[0].predictions if p.condition == TEN]
    assert own == [(seed, draw) for seed in range(2) for draw in range(3)]


TEN = condition("mdat", ADAPTED, 10)


def test_support_and_query_are_the_same_for_every_model_and_differ_between_draws(crossed):
    of_query = [p for p in crossed[0].predictions if p.condition.tested_on == QUERY]
    queries = {(p.seed, p.draw, p.ids) for p in of_query}
    assert sorted((seed, draw) for seed, draw, _ in queries) == [
        (seed, draw) for seed in range(2) for draw in range(3)
    ]
    supports = {
        (*t.name.split(", ")[:3], t.split.train) for t in crossed[0].trainings if "shots" in t.name
    }
    assert len(supports) == 2 * 3 * 2
    assert len({support for *_, support in supports}) == 2 * 3 * 2


def test_no_model_is_tested_on_its_support_set(crossed):
    _, classifier, _ = crossed
    of_query = [(f, tested) for f, tested in classifier.predicted if len(tested) < 4 * 18]
    assert len(of_query) == 6 * (1 + 2 + 2)
    supports = [set(f.state) - set(CORPUS.ids) for f, _ in of_query]
    assert not any(s & set(t.ids) for s, (_, t) in zip(supports, of_query, strict=True))
    assert all(len(tested) == 4 * (18 - 15) for _, tested in of_query)


@pytest.mark.parametrize(("split", "shared"), [("group", 0), ("random", 4)])
def test_speakers_of_support_and_query(split, shared):
    of, classifier = recorder(shots=(5,), split=split, patience=0)
    run_transfer(of, CORPUS, Scale(TARGET_CORPUS, "train"))
    ((_, support, _),) = classifier.continued
    (queries,) = {p.speakers for p in of.predictions if p.condition.tested_on == QUERY}
    both = {u.speaker for u in support.utterances} & set(queries)
    assert len(both) >= shared
    assert bool(both) == bool(shared)


def test_each_number_of_shots_starts_from_the_model_of_the_source(crossed):
    _, classifier, _ = crossed
    assert len(classifier.continued) == 12
    assert all(set(fitted.state) == set(CORPUS.ids) for fitted, *_ in classifier.continued)
    assert [len(support) for _, support, _ in classifier.continued] == [20, 40] * 6
    assert [seed for *_, seed in classifier.continued] == [0] * 6 + [1] * 6


@pytest.mark.parametrize("name", METHODS)
def test_the_method_of_adaptation_is_the_one_that_is_named(name, monkeypatch):
    used = []

    def method(name: str):
        def adapt(setting: Setting, strengths: Strengths) -> Fitted:
            seen = {*setting.support.utterances, *setting.unlabelled.utterances}
            used.append((name, len(setting.support), setting.source is CORPUS, strengths))
            assert len(seen) == len(setting.support) + len(setting.unlabelled)
            return setting.fitted

        return adapt

    monkeypatch.setattr(adaptation, "method", method)
    of, classifier = recorder(shots=(5,), adaptation=name, adapt_share=0.4, adapt_pull=3.0)
    run_transfer(of, CORPUS, Scale(TARGET_CORPUS, "train"))
    assert used == [(name, 20, True, Strengths(share=0.4, pull=3.0))]
    assert not classifier.continued


def test_the_control_is_trained_on_the_support_alone_without_a_validation_set(crossed):
    _, classifier, _ = crossed
    alone = [(train, held) for train, held, _ in classifier.fitted if len(train) in (20, 40)]
    supports = [support for _, support, _ in classifier.continued]
    assert [train.ids for train, _ in alone] == [support.ids for support in supports]
    assert not any(held for _, held in alone)


def test_the_validation_set_is_never_of_the_target(crossed):
    _, classifier, _ = crossed
    validated = [(train, held) for train, held, _ in classifier.fitted if held is not None]
    assert len(validated) == 2
    # Ids are alike in both corpora, features are not.
    of_source = {rows.tobytes() for rows in CORPUS.speech}
    assert all({r.tobytes() for r in (*t.speech, *h.speech)} == of_source for t, h in validated)


def test_the_model_that_is_kept_is_adapted_with_the_most_shots(crossed):
    of, _, kept = crossed
    (training,) = [t for t in of.trainings if t.name == "seed 0, draw 0, 10 shots, MDAT"]
    assert kept.fitted.state == ("continued", *training.split.train)
    assert kept.support == training.split.train
    assert sorted(kept.of_source.state) == sorted(CORPUS.ids)


def test_without_shots_the_model_of_the_source_is_kept():
    of, classifier = recorder(seeds=2)
    kept = run_transfer(of, CORPUS, Scale(TARGET_CORPUS, "train"))
    assert sorted(kept.fitted.state) == sorted(CORPUS.ids)
    assert (kept.of_source, kept.support) == (kept.fitted, ())
    assert [tested.ids for _, tested in classifier.predicted] == [TARGET_CORPUS.ids] * 2


def test_a_target_too_small_is_refused_before_anything_is_trained():
    of, classifier = recorder(shots=(18,))
    with pytest.raises(InputError, match="a pool of 18 utterances"):
        run_transfer(of, CORPUS, Scale(TARGET_CORPUS, "train"))
    assert not classifier.fitted


@pytest.mark.parametrize("model", ["mdat", "linear", "svm"])
@pytest.mark.parametrize(
    "changed", [{}, {"seeds": 3, "folds": 4}, {"shots": (0, 2, 5), "shot_draws": 2, "seeds": 2}]
)
def test_the_number_of_trainings_is_known_before(model, changed):
    shown: list[str] = []

    @contextmanager
    def progress(name: str):
        shown.append(name)
        yield ignore_epoch

    of, _ = recorder(progress=progress, model=model, **changed)
    run_transfer(of, CORPUS, Scale(TARGET_CORPUS, "train"))
    assert len(shown) == len(set(shown)) == count_transfer(of.config)
    assert [training.name for training in of.trainings] == shown


def test_every_draw_has_the_scale_of_its_own_support():
    of, classifier = recorder(shots=(5,), shot_draws=2, normalize="support")
    target = Scale(TARGET_CORPUS, "support", statistics_of(CORPUS), len(CORPUS))
    kept = run_transfer(of, CORPUS, target)
    assert len(classifier.continued) == 2
    for _, support, _ in classifier.continued:
        np.testing.assert_allclose(np.concatenate(support.speech).mean(axis=0), 0, atol=1e-4)
    assert kept.target.recordings == 20
    assert kept.target.statistics["speech"].mean.tolist() == (
        statistics_of(TARGET_CORPUS.of(kept.support))["speech"].mean.tolist()
    )
    zero_shot = [tested for f, tested in classifier.predicted if set(f.state) == set(CORPUS.ids)]
    expected = target.scaled(()).selection.speech[0]
    np.testing.assert_array_equal(zero_shot[0].speech[0], expected)


def test_a_scale_that_speakers_cannot_have_is_a_warning_of_the_training():
    single = tuple(replace(u, speaker=f"{u.speaker} {u.emotion}") for u in TARGET_CORPUS.utterances)
    of, _ = recorder(shots=(5,), normalize="speaker")
    run_transfer(of, CORPUS, Scale(replace(TARGET_CORPUS, utterances=single), "speaker"))
    source, *others = of.trainings
    assert not [w for w in source.warnings if "scale" in w]
    assert all("speakers have no scale of their own" in t.warnings[0] for t in others)
