"""The linear classifier and the SVM."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from toy_features import CLASSES, selection, utterance, utterances
from toy_runs import unwatched

from mdat_data import InputError
from mdat_train.classifiers.sklearn_classifier import Baseline
from mdat_train.inputs.selection import Selection

KINDS = ("linear", "svm")
TRAIN = selection(seed=0)
TEST = selection(utterances(speakers=3, clips=3), seed=1)
BLURRED = selection(utterances(speakers=6, clips=3), separation=0.3, seed=2)


def predicted(kind: str, train: Selection, test: Selection, standardize: bool = True) -> np.ndarray:
    system = Baseline(kind, standardize=standardize)
    return system.predict(system.fit(train, None, seed=0, watch=unwatched), test)


def pooled(of: Selection) -> np.ndarray:
    return np.array(
        [
            np.concatenate([s.mean(0), s.std(0), t.mean(0), t.std(0)])
            for s, t in zip(of.speech, of.text, strict=True)
        ]
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("classes", [CLASSES, ("angry", "sad")], ids=len)
def test_learns_and_gives_probabilities(kind, classes):
    train, test = (selection(classes=classes, seed=seed) for seed in (0, 1))
    probabilities = predicted(kind, train, test)
    assert probabilities.shape == (len(test), len(classes))
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert (probabilities.argmax(axis=1) == test.labels).mean() > 0.9


@pytest.mark.parametrize("classes", [CLASSES, ("angry", "sad")], ids=len)
@pytest.mark.parametrize(
    ("kind", "classifier"),
    [
        ("linear", LogisticRegression(class_weight="balanced", max_iter=2000)),
        ("svm", SVC(class_weight="balanced", break_ties=True)),
    ],
)
def test_the_most_probable_class_is_what_scikit_learn_predicts(kind, classifier, classes):
    train, test = (
        selection(utterances(speakers=s, clips=3, classes=classes), classes=classes, separation=0.4)
        for s in (5, 20)
    )
    # Uneven classes: those of the first lose three in four.
    train = train.of([id for id in train.ids if classes[0] not in id or id.endswith("0")])
    mean, deviation = pooled(train).mean(0), pooled(train).std(0)
    classifier.fit((pooled(train) - mean) / deviation, train.labels)
    expected = classifier.predict((pooled(test) - mean) / deviation)
    np.testing.assert_array_equal(predicted(kind, train, test).argmax(axis=1), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_statistics_are_of_the_training_part(kind):
    # Each test utterance is judged by itself: what else is tested plays no part.
    whole, alone = predicted(kind, TRAIN, TEST), predicted(kind, TRAIN, TEST.of(TEST.ids[:1]))
    np.testing.assert_allclose(whole[:1], alone, rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("standardize", [True, False])
def test_scale_matters_only_where_it_is_not_taken_out(kind, standardize):
    def scaled(of: Selection) -> Selection:
        return replace(of, text=tuple(rows * 0.01 for rows in of.text))

    same = np.allclose(
        predicted(kind, BLURRED, TEST, standardize),
        predicted(kind, scaled(BLURRED), scaled(TEST), standardize),
        atol=1e-3,
    )
    assert same == standardize


@pytest.mark.parametrize("kind", KINDS)
def test_a_held_out_part_is_learned_from(kind):
    system = Baseline(kind, standardize=True)
    half = tuple(u.id for u in TRAIN.utterances if u.speaker in ("s0", "s1"))
    rest = tuple(set(TRAIN.ids) - set(half))
    fitted = system.fit(TRAIN.of(half), TRAIN.of(rest), seed=0, watch=unwatched)
    np.testing.assert_allclose(
        system.predict(fitted, TEST), predicted(kind, TRAIN, TEST), atol=1e-5
    )


@pytest.mark.parametrize("kind", KINDS)
def test_adaptation_weighs_both_corpora_the_same(kind):
    # A support that is repeated weighs no more than once: only its share of the whole counts.
    system = Baseline(kind, standardize=False)
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
    fitted = system.fit(source, None, seed=0, watch=unwatched)
    of_once, of_thrice = (
        system.predict(system.adapt(fitted, clips, seed=0, watch=unwatched), source)
        for clips in (support, thrice)
    )
    np.testing.assert_allclose(of_once, of_thrice, atol=1e-2)


@pytest.mark.parametrize("kind", KINDS)
def test_adaptation_weighs_the_classes_of_an_uneven_source_the_same(kind):
    system = Baseline(kind, standardize=False)
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
        system.predict(
            system.adapt(
                system.fit(source, None, seed=0, watch=unwatched), support, seed=0, watch=unwatched
            ),
            test,
        )
        for source in (even, uneven)
    ]
    # The total of the weights differs, so that the regularisation does; the odds must not.
    assert abs(both[0][:, 0].mean() - both[1][:, 0].mean()) < 0.06


@pytest.mark.parametrize("kind", KINDS)
def test_adaptation_learns_the_support(kind):
    system = Baseline(kind, standardize=True)
    source = system.fit(selection(separation=0, seed=5), None, seed=0, watch=unwatched)
    adapted = system.adapt(source, TRAIN, seed=0, watch=unwatched)
    assert (system.predict(adapted, TEST).argmax(axis=1) == TEST.labels).mean() > 0.9
    assert (system.predict(source, TEST).argmax(axis=1) == TEST.labels).mean() < 0.7


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lacking", ["angry", "neutral", "sad"])
def test_a_class_that_was_not_learned_from_has_probability_0(kind, lacking):
    train = TRAIN.of([id for id in TRAIN.ids if lacking not in id])
    probabilities = predicted(kind, train, TEST)
    assert not probabilities[:, CLASSES.index(lacking)].any()
    others = np.array([lacking not in id for id in TEST.ids])
    right = probabilities.argmax(axis=1) == TEST.labels
    assert right[others].mean() > 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_two_of_four_classes_can_be_learned(kind):
    train = TRAIN.of([id for id in TRAIN.ids if "happy" in id or "sad" in id])
    probabilities = predicted(kind, train, TEST)
    np.testing.assert_allclose(probabilities[:, [1, 3]].sum(axis=1), 1, atol=1e-6)


def test_a_single_class_is_refused():
    with pytest.raises(InputError, match=r"one holds only sad.*Use more --folds"):
        predicted("linear", selection([utterance("a", "sad", "s")]), TEST)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("modality", "other"), [("speech", "text"), ("text", "speech")])
def test_one_stream_alone_is_enough_and_the_other_is_not_looked_at(kind, modality, other):
    system = Baseline(kind, standardize=True, modality=modality)
    noise = {other: tuple(rows + 100 for rows in getattr(TEST, other))}
    fitted = system.fit(TRAIN, None, seed=0, watch=unwatched)
    found = system.predict(fitted, TEST)
    assert (found.argmax(axis=1) == TEST.labels).mean() > 0.9
    np.testing.assert_array_equal(system.predict(fitted, replace(TEST, **noise)), found)
