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
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.inputs.balance import shared
from mdat_train.inputs.selection import Origin, Selection, joined

NAMES = ("linear", "svm")
TRAIN = selection(seed=0)
TEST = selection(utterances(speakers=3, clips=3), seed=1)
BLURRED = selection(utterances(speakers=6, clips=3), separation=0.3, seed=2)


def fit(
    classifier: SklearnClassifier, train: Selection, validation: Selection | None = None
) -> Fitted:
    return classifier.fit(train, validation, seed=0, callback=ignore_epoch)


def fit_both(
    classifier: SklearnClassifier, source: Selection, support: Selection, share: float = 0.5
) -> Fitted:
    weights = shared(source, support, share=share)
    both = joined([source, support])
    return classifier.fit(both, None, weights=weights, seed=0, callback=ignore_epoch)


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
def test_both_corpora_have_the_same_weight(name):
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
        origins=support.origins * 3,
    )
    of_once, of_thrice = (
        classifier.predict(fit_both(classifier, source, given), source)
        for given in (support, thrice)
    )
    np.testing.assert_allclose(of_once, of_thrice, atol=1e-2)


@pytest.mark.parametrize("name", NAMES)
def test_the_classes_of_an_uneven_source_have_the_same_weight(name):
    classifier = SklearnClassifier(name, standardize=False)
    classes = ("angry", "sad")
    even = selection(utterances(speakers=6, clips=2, classes=classes), classes=classes)
    angry = even.of([id for id in even.ids if "angry" in id])
    uneven = replace(
        even,
        utterances=even.utterances + angry.utterances * 4,
        speech=even.speech + angry.speech * 4,
        text=even.text + angry.text * 4,
        origins=even.origins + angry.origins * 4,
    )
    support = selection(utterances(speakers=1, clips=3, classes=classes), classes=classes, seed=3)
    test = selection(classes=classes, separation=0.3, seed=4)
    both = [
        classifier.predict(fit_both(classifier, source, support), test) for source in (even, uneven)
    ]
    # The sum of the weights differs, and so does the regularisation; the odds must not.
    assert abs(both[0][:, 0].mean() - both[1][:, 0].mean()) < 0.06


@pytest.mark.parametrize("name", NAMES)
def test_the_weights_are_those_of_what_is_learned(name):
    classifier = SklearnClassifier(name, standardize=True)
    source = selection(separation=0, seed=5)
    little, half = (fit_both(classifier, source, TRAIN, share) for share in (1e-6, 0.5))
    assert (classifier.predict(half, TEST).argmax(axis=1) == TEST.labels).mean() > 0.9
    assert (classifier.predict(little, TEST).argmax(axis=1) == TEST.labels).mean() < 0.7


def continued(train: Selection, *, pull: float, l2: float | None = None) -> np.ndarray:
    """Probabilities of a linear classifier that goes on from the first corpus."""
    classifier = SklearnClassifier("linear", standardize=True, l2=l2)
    fitted = fit(classifier, TRAIN)
    after = classifier.continue_from(fitted, train, pull=pull, seed=0, callback=ignore_epoch)
    return classifier.predict(after, TEST)


def test_without_a_pull_the_linear_classifier_starts_over():
    np.testing.assert_array_equal(continued(BLURRED, pull=0), predicted("linear", BLURRED, TEST))


def test_the_stronger_the_pull_the_more_is_kept_of_the_first_corpus():
    opposite = selection(separation=-3.0, seed=6)
    before = predicted("linear", TRAIN, TEST)
    distances = [np.abs(continued(opposite, pull=p) - before).mean() for p in (0.01, 1, 1e5)]
    assert distances[0] > 2 * distances[1] > 4 * distances[2]
    assert distances[2] < 1e-3


@pytest.mark.parametrize("classes", [CLASSES, ("angry", "sad")], ids=len)
def test_a_class_that_the_support_lacks_is_kept_from_the_first_corpus(classes):
    train, test = (selection(classes=classes, seed=seed) for seed in (0, 1))
    classifier = SklearnClassifier("linear", standardize=True)
    fitted = fit(classifier, train)
    few = train.of([id for id in train.ids if classes[0] not in id or id.startswith("s0")])
    after = classifier.continue_from(fitted, few, pull=10.0, seed=0, callback=ignore_epoch)
    right = classifier.predict(after, test).argmax(axis=1) == test.labels
    assert right.mean() > 0.9


def test_a_class_that_the_first_corpus_lacked_is_learned_with_a_pull():
    classifier = SklearnClassifier("linear", standardize=True)
    fitted = fit(classifier, TRAIN.of([id for id in TRAIN.ids if "happy" not in id]))
    after = classifier.continue_from(fitted, TRAIN, pull=0.01, seed=0, callback=ignore_epoch)
    assert (classifier.predict(after, TEST).argmax(axis=1) == TEST.labels).mean() > 0.9


def test_an_svm_has_no_weights_to_be_pulled_to():
    classifier = SklearnClassifier("svm", standardize=True)
    with pytest.raises(InputError, match="svm has none. Use --adaptation joint, or --model linear"):
        classifier.continue_from(
            fit(classifier, TRAIN), TRAIN, pull=1.0, seed=0, callback=ignore_epoch
        )


def test_the_penalty_is_a_part_of_the_mean_loss():
    """So it does not depend on the number of utterances; that of scikit-learn does."""
    twice = joined([BLURRED, BLURRED])
    for l2, same in ((0.1, True), (None, False)):
        classifier = SklearnClassifier("linear", standardize=False, l2=l2)
        once, double = (classifier.predict(fit(classifier, of), TEST) for of in (BLURRED, twice))
        assert np.allclose(once, double, atol=1e-3) == same
    strict, plain = (
        SklearnClassifier("linear", standardize=False, l2=l2) for l2 in (1 / len(BLURRED), None)
    )
    of_strict, of_plain = (c.predict(fit(c, BLURRED), TEST) for c in (strict, plain))
    np.testing.assert_allclose(of_strict, of_plain, atol=1e-5)


def test_a_source_that_lacks_a_class_says_nothing_about_it():
    """Its utterances lie where those of the class that it lacks are elsewhere."""
    lacking = selection(utterances(speakers=4, clips=2, classes=CLASSES[:3]), seed=7)
    speech = tuple(rows + 3.0 * np.eye(8, dtype=np.float32)[3] for rows in lacking.speech)
    found = []
    for missing in ((), ("sad",)):
        origins = (Origin(name="other", lacking=missing),) * len(lacking)
        other = replace(lacking, speech=speech, origins=origins)
        classifier = SklearnClassifier("linear", standardize=True, modality="speech")
        fitted = fit(classifier, joined([TRAIN, other]))
        sad = TEST.of([id for id in TEST.ids if "sad" in id])
        found.append(classifier.predict(fitted, sad)[:, 3].mean())
    assert found[1] > found[0]


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
