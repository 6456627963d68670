"""What every method of adaptation does; a test of classifiers adapts every model with each."""

import inspect
from dataclasses import fields, replace
from importlib import import_module

import numpy as np
import pytest
from small_classifiers import small_classifier
from toy_features import selection, utterances
from toy_runs import ignore_epoch

from mdat_train import adaptation
from mdat_train.adaptation import METHODS, Adapt, Setting, Strengths, method, reads
from mdat_train.classifiers.classifier import Classifier, Fitted
from mdat_train.inputs.selection import Selection

SOURCE = selection(utterances(speakers=3, clips=2), separation=1.0)
TARGET = selection(utterances(speakers=3, clips=2), separation=-1.0, seed=1)
SUPPORT = TARGET.of([u.id for u in TARGET.utterances if u.speaker == "s0"])
QUERY = TARGET.of([u.id for u in TARGET.utterances if u.speaker != "s0"])

DEFAULT = Strengths()

Trained = tuple[Classifier, Fitted]


@pytest.fixture(scope="module")
def linear() -> Trained:
    classifier = small_classifier("linear")
    return classifier, classifier.fit(SOURCE, None, seed=0, callback=ignore_epoch)


@pytest.fixture(scope="module")
def mdat() -> Trained:
    classifier = small_classifier("mdat", disable=("transformer",))  # quicker
    return classifier, classifier.fit(SOURCE, None, seed=0, callback=ignore_epoch)


def adapted(
    name: str,
    trained: Trained,
    *,
    unlabelled: Selection | None = QUERY,
    strengths: Strengths = DEFAULT,
    seed: int = 0,
) -> np.ndarray:
    """Probabilities of the query set after an adaptation."""
    classifier, fitted = trained
    setting = Setting(
        classifier=classifier,
        fitted=fitted,
        source=SOURCE,
        support=SUPPORT,
        unlabelled=unlabelled,
        seed=seed,
        callback=ignore_epoch,
    )
    after = method(name)(setting, strengths)
    return classifier.predict(after, QUERY)


def test_the_methods():
    assert METHODS == ("finetune", "joint", "none", "prior")


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_described_and_has_the_signature_of_the_protocol(name):
    assert import_module(f"{adaptation.__name__}.{name}").__doc__
    of, expected = (
        list(inspect.signature(function).parameters.values())
        for function in (method(name), Adapt.__call__)
    )
    assert [(p.name, p.kind) for p in of] == [(p.name, p.kind) for p in expected[1:]]


@pytest.mark.parametrize("name", METHODS)
def test_the_results_are_probabilities_and_the_same_seed_gives_the_same_numbers(name, mdat):
    first, _, again = (adapted(name, mdat, seed=seed) for seed in (0, 1, 0))
    assert first.shape == (len(QUERY), len(QUERY.classes))
    np.testing.assert_allclose(first.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("name", METHODS)
def test_labels_of_unlabelled_utterances_are_not_used(name, linear):
    emotions = [u.emotion for u in QUERY.utterances][::-1]
    pairs = zip(QUERY.utterances, emotions, strict=True)
    mislabelled = replace(QUERY, utterances=tuple(replace(u, emotion=e) for u, e in pairs))
    assert mislabelled.labels.tolist() != QUERY.labels.tolist()
    learned = Strengths(pseudo_labels=True)
    first, second = (
        adapted(name, linear, unlabelled=of, strengths=learned) for of in (QUERY, mislabelled)
    )
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", METHODS)
def test_unlabelled_utterances_may_be_missing(name, linear):
    assert adapted(name, linear, unlabelled=None).shape == (len(QUERY), len(QUERY.classes))


@pytest.mark.parametrize("name", METHODS)
def test_a_method_names_the_strengths_that_it_reads(name, linear):
    read = set()

    class Watched(Strengths):
        def __getattribute__(self, field: str) -> object:
            read.add(field)
            return super().__getattribute__(field)

    adapted(name, linear, strengths=Watched(pseudo_labels=True))
    assert read & {field.name for field in fields(Strengths)} == set(reads(name))


def test_a_method_that_does_not_exist_cannot_be_imported():
    with pytest.raises(ModuleNotFoundError, match="magic"):
        method("magic")
