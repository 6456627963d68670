"""Learning from source and support together.

The support set has a share of the loss, whatever the size of the source, so that neither is
forgotten. Training starts from the weights of the source, or from new ones. With pseudo-labels the
adapted model labels the other utterances of the target, and learns once more from those that it is
surest of too.
"""

from dataclasses import replace

import numpy as np

from mdat_train.adaptation import HALF, Setting, Strengths
from mdat_train.classifiers.classifier import Fitted
from mdat_train.inputs.balance import balanced, shared
from mdat_train.inputs.selection import Selection, joined

READS: tuple[str, ...] = ("share", "start", "pseudo_labels")

SUREST = 0.5
"""Part of the utterances of each predicted class that keep their pseudo-label."""

PSEUDO = 0.3
"""What pseudo-labels count in the loss, as a part of what the support set counts."""


def adapt(setting: Setting, strengths: Strengths) -> Fitted:
    """Learn both together; see `mdat_train.adaptation.Adapt`."""
    both = joined([setting.source, setting.support])
    weights = shared(setting.source, setting.support, share=_share(setting, strengths))
    fitted = _learned(setting, strengths, both, weights)
    if not strengths.pseudo_labels or not setting.unlabelled:
        return fitted
    pseudo = surest(setting.unlabelled, setting.classifier.predict(fitted, setting.unlabelled))
    of_support = weights[len(setting.source) :].sum()
    of_pseudo = balanced(pseudo) * (PSEUDO * of_support / len(pseudo))
    weights = np.concatenate([weights, of_pseudo]).astype(np.float32)
    return _learned(setting, strengths, joined([both, pseudo]), weights)


def _share(setting: Setting, strengths: Strengths) -> float:
    size = len(setting.support)
    return size / (size + HALF) if strengths.share is None else strengths.share


def surest(unlabelled: Selection, probabilities: np.ndarray) -> Selection:
    """Give the surest utterances of each predicted class that class as their label.

    Args:
        unlabelled: N utterances, whose own labels are not read.
        probabilities: Of the classes, (N, C).

    Returns:
        Some of the utterances, with their pseudo-labels.
    """
    predicted = probabilities.argmax(axis=1)
    labels: dict[str, str] = {}
    for number, emotion in enumerate(unlabelled.classes):
        rows = np.flatnonzero(predicted == number)
        order = rows[np.argsort(-probabilities[rows, number], kind="stable")]
        for row in order[: int(np.ceil(SUREST * len(rows)))]:
            labels[unlabelled.ids[row]] = emotion
    kept = unlabelled.of(labels)
    return replace(
        kept, utterances=tuple(replace(u, emotion=labels[u.id]) for u in kept.utterances)
    )


def _learned(
    setting: Setting, strengths: Strengths, train: Selection, weights: np.ndarray
) -> Fitted:
    classifier, seed, callback = setting.classifier, setting.seed, setting.callback
    if strengths.start == "new":
        return classifier.fit(train, None, weights=weights, seed=seed, callback=callback)
    return classifier.continue_from(
        setting.fitted, train, weights=weights, seed=seed, callback=callback
    )
