"""What utterances of files and classes of different sizes count in a loss."""

from dataclasses import replace

import numpy as np
from sklearn.utils.class_weight import compute_sample_weight
from toy_features import CLASSES, selection, utterance, utterances

from mdat_train.inputs.balance import balanced, judged_among, shared
from mdat_train.inputs.selection import Origin, Selection, joined

UNEVEN = selection([utterance(f"{i}", CLASSES[n], "s") for i, n in enumerate((0, 0, 0, 1, 3, 3))])
LARGE, SMALL = (selection(utterances(speakers=s, clips=2), seed=s) for s in (5, 1))


def of_file(name: str, of: Selection, *lacking: str) -> Selection:
    return replace(of, origins=(Origin(name=name, lacking=lacking),) * len(of))


def test_every_class_has_the_same_weight_and_the_mean_is_1():
    weights = balanced(UNEVEN)
    np.testing.assert_allclose(weights, [2 / 3, 2 / 3, 2 / 3, 2, 1, 1], rtol=1e-6)
    np.testing.assert_allclose(np.bincount(UNEVEN.labels, weights), [2, 2, 0, 2], rtol=1e-6)
    assert weights.mean() == 1


def test_the_weights_of_one_file_are_those_of_scikit_learn_to_the_last_digit():
    expected = np.float32(compute_sample_weight("balanced", UNEVEN.labels))
    np.testing.assert_array_equal(balanced(UNEVEN), expected)


def test_files_have_the_same_weight_whatever_their_size():
    both = joined([of_file("large", LARGE), of_file("small", SMALL)])
    weights = balanced(both)
    assert weights.mean() == 1
    first, second = np.split(weights, [len(LARGE)])
    np.testing.assert_allclose(first.sum(), second.sum(), rtol=1e-6)
    for part, own in ((LARGE, first), (SMALL, second)):
        np.testing.assert_allclose(np.ptp(np.bincount(part.labels, own)), 0, atol=1e-5)


def test_what_is_left_of_a_file_keeps_its_weight():
    both = joined([of_file("large", LARGE), of_file("small", SMALL)])
    rest = both.of([u.id for u in both.utterances if not u.id.endswith("0")])
    weights = balanced(rest)
    small = np.array([origin.name == "small" for origin in rest.origins])
    np.testing.assert_allclose(weights[small].sum(), weights[~small].sum(), rtol=1e-6)


def test_the_support_has_its_share_however_few_its_utterances_are():
    for share in (0.1, 0.5, 0.9):
        weights = shared(LARGE, SMALL, share=share)
        assert len(weights) == len(LARGE) + len(SMALL)
        np.testing.assert_allclose(weights[len(LARGE) :].sum() / weights.sum(), share, rtol=1e-5)
        np.testing.assert_array_equal(weights[: len(LARGE)], balanced(LARGE))


def test_utterances_are_judged_among_the_classes_of_their_file():
    assert judged_among(joined([of_file("a", LARGE), of_file("b", SMALL)])) is None
    among = judged_among(joined([of_file("a", LARGE), of_file("b", SMALL, "sad")]))
    assert among[: len(LARGE)].all()
    np.testing.assert_array_equal(among[len(LARGE) :], [[True, True, True, False]] * len(SMALL))
