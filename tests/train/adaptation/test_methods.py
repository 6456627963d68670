"""What sets one method of adaptation apart from another, shown by the linear classifier."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from remembering_classifier import RememberingClassifier
from small_classifiers import small_classifier
from toy_features import selection, utterances
from toy_runs import ignore_epoch

from mdat_train.adaptation import Setting, Strengths, method
from mdat_train.adaptation.joint import surest
from mdat_train.classifiers.classifier import Fitted
from mdat_train.inputs.selection import Selection

SOURCE = selection(utterances(speakers=8, clips=4), separation=1.0)
SUPPORT = selection(utterances(speakers=1, clips=2), separation=-1.0, seed=1)
"""The opposite of the source."""

LINEAR = small_classifier("linear")
FITTED = LINEAR.fit(SOURCE, None, seed=0, callback=ignore_epoch)


def setting(unlabelled: Selection | None = None, **changed: Any) -> Setting:
    of = Setting(
        classifier=LINEAR,
        fitted=FITTED,
        source=SOURCE,
        support=SUPPORT,
        unlabelled=unlabelled,
        seed=0,
        callback=ignore_epoch,
    )
    return replace(of, **changed)


def right(name: str, on: Selection, **strengths: Any) -> float:
    """Mean probability of the true class after an adaptation."""
    after = method(name)(setting(), Strengths(**strengths))
    return float(LINEAR.predict(after, on)[np.arange(len(on)), on.labels].mean())


def test_the_larger_the_share_the_more_the_support_counts():
    support = [right("joint", SUPPORT, share=share) for share in (0.01, 0.3, 0.9)]
    source = [right("joint", SOURCE, share=share) for share in (0.01, 0.3, 0.9)]
    assert support == sorted(support)
    assert source == sorted(source, reverse=True)
    assert support[2] - support[0] > 0.3


def test_the_share_grows_with_the_support():
    classifier = Weighing()
    shares = []
    for number in (4, len(SUPPORT)):
        support = SUPPORT.of(SUPPORT.ids[:number])
        method("joint")(setting(classifier=classifier, support=support), Strengths())
        of_support = classifier.weights[len(SOURCE) :].sum()
        shares.append(of_support / classifier.weights.sum())
    expected = [number / (number + 160) for number in (4, len(SUPPORT))]
    np.testing.assert_allclose(shares, expected, rtol=1e-4)


def test_fine_tuning_a_model_that_starts_over_gives_the_support_half_of_the_loss():
    assert right("finetune", SUPPORT) == right("joint", SUPPORT, share=0.5)


def test_the_stronger_the_pull_the_more_the_source_counts():
    source = [right("prior", SOURCE, pull=pull) for pull in (1e-3, 1, 1e3)]
    assert source == sorted(source)
    assert source[2] == pytest.approx(right("none", SOURCE), abs=0.01)
    assert right("prior", SUPPORT, pull=1e-3) > 0.9


def test_without_adaptation_the_support_has_no_effect():
    assert right("none", SUPPORT) < 0.1


class Weighing(RememberingClassifier):
    """It remembers the weights too."""

    def continue_from(self, fitted: Fitted, train: Selection, *, weights, **others) -> Fitted:
        self.weights = weights
        return super().continue_from(fitted, train, **others)


@pytest.mark.parametrize(("pseudo_labels", "expected"), [(True, 12), (False, 0)])
def test_pseudo_labels_count_less_than_the_labels_of_the_support(pseudo_labels, expected):
    others = selection(utterances(speakers=3, clips=2), seed=2)
    classifier = Weighing()
    strengths = Strengths(share=0.4, pseudo_labels=pseudo_labels)
    method("joint")(setting(others, classifier=classifier), strengths)
    *_, (_, learned, _) = classifier.continued
    assert len(learned) == len(SOURCE) + len(SUPPORT) + expected
    ends = np.cumsum([0, len(SOURCE), len(SUPPORT), expected])
    of = [classifier.weights[slice(*pair)].sum() for pair in pairwise(ends)]
    np.testing.assert_allclose(of[1] / (of[0] + of[1]), 0.4, rtol=1e-5)
    np.testing.assert_allclose(of[2] / of[1], 0.3 if pseudo_labels else 0, rtol=1e-5)


def test_the_surer_half_of_each_predicted_class_has_a_pseudo_label():
    unlabelled = SUPPORT.of(SUPPORT.ids[:5])
    unlabelled = replace(
        unlabelled, utterances=tuple(replace(u, emotion=None) for u in unlabelled.utterances)
    )
    sure = np.full((5, len(SUPPORT.classes)), 0.1)
    sure[[0, 1, 2, 3, 4], [0, 0, 0, 1, 1]] = 0.5, 0.9, 0.7, 0.4, 0.8
    kept = surest(unlabelled, sure)
    assert kept.ids == tuple(unlabelled.ids[row] for row in (1, 2, 4))
    assert kept.labels.tolist() == [0, 0, 1]
