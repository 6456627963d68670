"""What every method of adaptation does."""

import inspect
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from small_classifiers import small_classifier
from toy_features import selection, utterances
from toy_runs import ignore_epoch

from mdat_train import adaptation
from mdat_train.adaptation import METHODS, Adapt, method
from mdat_train.classifiers.classifier import Classifier, Fitted
from mdat_train.inputs.selection import Selection

SOURCE = selection(utterances(speakers=3, clips=2), separation=1.0)
TARGET = selection(utterances(speakers=3, clips=2), separation=-1.0, seed=1)
SUPPORT = TARGET.of([u.id for u in TARGET.utterances if u.speaker == "s0"])
QUERY = TARGET.of([u.id for u in TARGET.utterances if u.speaker != "s0"])

Trained = tuple[Classifier, Fitted]


@pytest.fixture(scope="module", params=["linear", "mdat"])
def trained(request: pytest.FixtureRequest) -> Trained:
    """A model without epochs and a network, trained on the source."""
    options = {"disable": ("transformer",)} if request.param == "mdat" else {}  # quicker
    classifier = small_classifier(request.param, **options)
    return classifier, classifier.fit(SOURCE, None, seed=0, callback=ignore_epoch)


def adapted(
    name: str, trained: Trained, *, unlabelled: Selection | None = QUERY, seed: int = 0
) -> np.ndarray:
    """Probabilities of the query set after an adaptation."""
    classifier, fitted = trained
    after = method(name)(
        classifier,
        fitted,
        support=SUPPORT,
        unlabelled=unlabelled,
        source=SOURCE,
        seed=seed,
        callback=ignore_epoch,
    )
    return classifier.predict(after, QUERY)


def test_fine_tuning_is_a_method():
    assert "finetune" in METHODS


@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_described_and_has_the_signature_of_the_protocol(name):
    assert import_module(f"{adaptation.__name__}.{name}").__doc__
    of, expected = (
        list(inspect.signature(function).parameters.values())
        for function in (method(name), Adapt.__call__)
    )
    assert [(p.name, p.kind) for p in of] == [(p.name, p.kind) for p in expected[1:]]


@pytest.mark.parametrize("name", METHODS)
def test_adaptation_changes_the_predictions_and_leaves_the_fitted_model_as_it_was(name, trained):
    classifier, fitted = trained
    before = classifier.predict(fitted, QUERY)
    after = adapted(name, trained)
    assert after.shape == before.shape
    np.testing.assert_allclose(after.sum(axis=1), 1, atol=1e-5)
    assert not np.array_equal(after, before)
    np.testing.assert_array_equal(classifier.predict(fitted, QUERY), before)


@pytest.mark.parametrize("name", METHODS)
def test_the_same_seed_gives_the_same_numbers(name, trained):
    first, _, again = (adapted(name, trained, seed=seed) for seed in (0, 1, 0))
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("name", METHODS)
def test_labels_of_unlabelled_utterances_are_not_used(name, trained):
    emotions = [u.emotion for u in QUERY.utterances][::-1]
    pairs = zip(QUERY.utterances, emotions, strict=True)
    mislabelled = replace(QUERY, utterances=tuple(replace(u, emotion=e) for u, e in pairs))
    assert mislabelled.labels.tolist() != QUERY.labels.tolist()
    first, second = (adapted(name, trained, unlabelled=of) for of in (QUERY, mislabelled))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", METHODS)
def test_unlabelled_utterances_may_be_missing(name, trained):
    assert adapted(name, trained, unlabelled=None).shape == (len(QUERY), len(QUERY.classes))


def test_a_method_that_does_not_exist_cannot_be_imported():
    with pytest.raises(ModuleNotFoundError, match="magic"):
        method("magic")
