"""The linear classifier and the SVM."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from threadpoolctl import threadpool_info, threadpool_limits
from toy_features import CLASSES, selection, utterance, utterances
from toy_runs import ignore_epoch

from mdat_data import InputError
from mdat_train.classifiers.classifier import Fitted
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier, _balanced
from mdat_train.inputs.selection import Selection

NAMES = ("linear", "svm")
TRAIN = selection(seed=0)
TEST = selection(utterances(speakers=3, clips=3), seed=1)
BLURRED = selection(utterances(speakers=6, clips=3), separation=0.3, seed=2)


def fit(
    classifier: SklearnClassifier, train: Selection, validation: Selection | None = None
) -> Fitted:
    return classifier.fit(train, validation, seed=0, callback=ignore_epoch)


def fine_tune(
    classifier: SklearnClassifier, fitted: Fitted, source: Selection, support: Selection
) -> Fitted:
    return classifier.fine_tune(fitted, support, source=source, seed=0, callback=ignore_epoch)


def predicted(name: str, train: Selection, test: Selection, standardize: bool = True) -> np.ndarray:
    classifier = SklearnClassifier(name, standardize=standardize)
    return classifier.predict(fit(classifier, train), test)


def pooled(of: Selection) -> np.ndarray:
    return np.array(
        [
            np.concatenate([s.mean(0), s.std(0), t.mean(0), t.std(0)])
            for s, t in zip(of.speech, of.text, strict=True)
        ]
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("classes", [CLASSES, ("angry", "sad")], ids=len)
def test_learns_and_gives_probabilities(name, classes):
    train, test = (selection(classes=classes, seed=seed) for seed in (0, 1))
    probabilities = predicted(name, train, test)
    assert probabilities.shape == (len(test), len(classes))
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert (probabilities.argmax(axis=1) == test.labels).mean() > 0.9


@pytest.mark.parametrize("classes", [CLASSES, ("angry", "sad")], ids=len)
@pytest.mark.parametrize(
    ("name", "classifier"),
    [
        ("linear", LogisticRegression(class_weight="balanced", max_iter=2000)),
        ("svm", SVC(class_weight="balanced", break_ties=True)),
    ],
)
def test_the_most_probable_class_is_what_scikit_learn_predicts(name, classifier, classes):
    train, test = (
        selection(utterances(speakers=s, clips=3, classes=classes), classes=classes, separation=0.4)
        for s in (5, 20)
    )
    # Uneven classes: the first loses two utterances in three.
    train = train.of([id for id in train.ids if classes[0] not in id or id.endswith("0")])
    mean, deviation = pooled(train).mean(0), pooled(train).std(0)
    classifier.fit((pooled(train) - mean) / deviation, train.labels)
    expected = classifier.predict((pooled(test) - mean) / deviation)
    np.testing.assert_array_equal(predicted(name, train, test).argmax(axis=1), expected)


@pytest.mark.parametrize("name", NAMES)
def test_statistics_are_those_of_the_training_set(name):
    # Each test utterance is judged by itself: the others have no effect.
    whole, alone = predicted(name, TRAIN, TEST), predicted(name, TRAIN, TEST.of(TEST.ids[:1]))
    np.testing.assert_allclose(whole[:1], alone, rtol=1e-5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("standardize", [True, False])
def test_scale_has_an_effect_only_without_standardisation(name, standardize):
    def scaled(of: Selection) -> Selection:
        return replace(of, text=tuple(rows * 0.01 for rows in of.text))

    same = np.allclose(
        predicted(name, BLURRED, TEST, standardize),
        predicted(name, scaled(BLURRED), scaled(TEST), standardize),
        atol=1e-3,
    )
    assert same == standardize


@pytest.mark.parametrize("name", NAMES)
def test_a_validation_set_is_training_data(name):
    classifier = SklearnClassifier(name, standardize=True)
    half = tuple(u.id for u in TRAIN.utterances if u.speaker in ("s0", "s1"))
    rest = tuple(set(TRAIN.ids) - set(half))
    fitted = fit(classifier, TRAIN.of(half), TRAIN.of(rest))
    np.testing.assert_allclose(
        classifier.predict(fitted, TEST), predicted(name, TRAIN, TEST), atol=1e-5
    )


@pytest.mark.parametrize("name", NAMES)
def test_fine_tuning_gives_both_corpora_the_same_weight(name):
    # A support set that is repeated has the weight of a single one.
    classifier = SklearnClassifier(name, standardize=False)
    classes = ("angry", "sad")
    few, one = (utterances(speakers=s, clips=3, classes=classes) for s in (6, 1))
    source = selection(few, classes=classes, separation=0.3)
    support = selection(one, classes=classes, separation=-0.3, seed=3)
    thrice = replace(
        support,
        utterances=support.utterances * 3,
        speech=support.speech * 3,
        text=support.text * 3,
    )
    fitted = fit(classifier, source)
    of_once, of_thrice = (
        classifier.predict(fine_tune(classifier, fitted, source, given), source)
        for given in (support, thrice)
    )
    np.testing.assert_allclose(of_once, of_thrice, atol=1e-2)


@pytest.mark.parametrize("name", NAMES)
def test_fine_tuning_gives_the_classes_of_an_uneven_source_the_same_weight(name):
    classifier = SklearnClassifier(name, standardize=False)
    classes = ("angry", "sad")
    even = selection(utterances(speakers=6, clips=2, classes=classes), classes=classes)
    angry = even.of([id for id in even.ids if "angry" in id])
    uneven = replace(
        even,
        utterances=even.utterances + angry.utterances * 4,
        speech=even.speech + angry.speech * 4,
        text=even.text + angry.text * 4,
    )
    support = selection(utterances(speakers=1, clips=3, classes=classes), classes=classes, seed=3)
    test = selection(classes=classes, separation=0.3, seed=4)
    both = [
        classifier.predict(fine_tune(classifier, fit(classifier, source), source, support), test)
        for source in (even, uneven)
    ]
    # The sum of the weights differs, and so does the regularisation; the odds must not.
    assert abs(both[0][:, 0].mean() - both[1][:, 0].mean()) < 0.06


@pytest.mark.parametrize("name", NAMES)
def test_fine_tuning_learns_the_support_set(name):
    classifier = SklearnClassifier(name, standardize=True)
    source = selection(separation=0, seed=5)
    fitted = fit(classifier, source)
    adapted = fine_tune(classifier, fitted, source, TRAIN)
    assert (classifier.predict(adapted, TEST).argmax(axis=1) == TEST.labels).mean() > 0.9
    assert (classifier.predict(fitted, TEST).argmax(axis=1) == TEST.labels).mean() < 0.7


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lacking", ["angry", "neutral", "sad"])
def test_a_class_that_the_training_set_lacks_has_probability_0(name, lacking):
    train = TRAIN.of([id for id in TRAIN.ids if lacking not in id])
    probabilities = predicted(name, train, TEST)
    assert not probabilities[:, CLASSES.index(lacking)].any()
    others = np.array([lacking not in id for id in TEST.ids])
    right = probabilities.argmax(axis=1) == TEST.labels
    assert right[others].mean() > 0.9


@pytest.mark.parametrize("name", NAMES)
def test_two_of_four_classes_are_enough_for_training(name):
    train = TRAIN.of([id for id in TRAIN.ids if "happy" in id or "sad" in id])
    probabilities = predicted(name, train, TEST)
    np.testing.assert_allclose(probabilities[:, [1, 3]].sum(axis=1), 1, atol=1e-6)


def test_a_single_class_is_refused():
    with pytest.raises(
        InputError, match=r"at least two emotions; one has only sad.*Use more --folds"
    ):
        predicted("linear", selection([utterance("a", "sad", "s")]), TEST)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("modality", "other"), [("speech", "text"), ("text", "speech")])
def test_one_stream_is_enough_and_the_other_has_no_effect(name, modality, other):
    classifier = SklearnClassifier(name, standardize=True, modality=modality)
    noise = {other: tuple(rows + 100 for rows in getattr(TEST, other))}
    fitted = fit(classifier, TRAIN)
    found = classifier.predict(fitted, TEST)
    assert (found.argmax(axis=1) == TEST.labels).mean() > 0.9
    np.testing.assert_array_equal(classifier.predict(fitted, replace(TEST, **noise)), found)


def test_every_class_has_the_same_weight_and_the_mean_is_1():
    emotions = [CLASSES[number] for number in (0, 0, 0, 1, 3, 3)]
    of = selection([utterance(f"{i}", emotion, "s") for i, emotion in enumerate(emotions)])
    weights = _balanced(of)
    np.testing.assert_allclose(weights, [2 / 3, 2 / 3, 2 / 3, 2, 1, 1], rtol=1e-6)
    np.testing.assert_allclose(np.bincount(of.labels, weights), [2, 2, 0, 2], rtol=1e-6)
    assert weights.mean() == 1


def test_a_pooled_feature_that_is_nearly_constant_is_not_blown_up():
    """In the source it has one millionth of the variation that it has in the target."""

    def with_column(of: Selection, size: float) -> Selection:
        rng = np.random.default_rng(0)
        columns = [np.full((len(rows), 1), rng.normal() * size) for rows in of.text]
        text = (np.hstack([rows[:, :3], c]) for rows, c in zip(of.text, columns, strict=True))
        return replace(of, text=tuple(text))

    classifier = SklearnClassifier("linear", standardize=True)
    fitted = fit(classifier, with_column(TRAIN, 1e-6))
    found = classifier.predict(fitted, with_column(TEST, 1)).argmax(axis=1)
    assert (found == TEST.labels).mean() > 0.9
    means_of_text = fitted.state.pipeline[0].scale_[2 * 8 : 2 * 8 + 4]
    assert means_of_text[3] == pytest.approx(0.01 * np.median(means_of_text), rel=0.5)


@pytest.mark.parametrize("name", NAMES)
def test_matrix_products_have_one_thread_here_and_the_caller_keeps_its_own(name, monkeypatch):
    def blas_threads() -> set[int]:
        return {of["num_threads"] for of in threadpool_info() if of["user_api"] == "blas"}

    seen = []
    for of, method in ((LogisticRegression, "predict_proba"), (SVC, "decision_function")):
        for watched in ("fit", method):
            plain = getattr(of, watched)

            def spied(*args: object, plain: Any = plain, **options: object) -> object:
                seen.append(blas_threads())
                return plain(*args, **options)

            monkeypatch.setattr(of, watched, spied)
    with threadpool_limits(2, user_api="blas"):
        predicted(name, TRAIN, TEST)
        assert seen == [{1}, {1}]
        assert blas_threads() == {2}
