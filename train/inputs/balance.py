"""What every utterance counts in a loss, and the classes that it is judged among."""

import numpy as np
from sklearn.utils.class_weight import compute_sample_weight

from mdat_train.inputs.selection import Selection


def balanced(selection: Selection) -> np.ndarray:
    """Weigh utterances such that every file has the same weight, and every class within a file.

    Args:
        selection: The N utterances.

    Returns:
        Weights, (N,) float32, whose mean is 1.
    """
    weights = np.empty(len(selection), np.float32)
    labels, files = selection.labels, set(selection.origins)
    for file in files:
        own = np.array([origin == file for origin in selection.origins])
        of_file = len(selection) / (len(files) * own.sum())
        weights[own] = compute_sample_weight("balanced", labels[own]) * of_file
    return weights


def shared(source: Selection, support: Selection, *, share: float) -> np.ndarray:
    """Weigh the utterances of two selections such that the second has a share of the loss.

    Args:
        source: N utterances, which keep the weights of `balanced`.
        support: M others.
        share: Of the support, between 0 and 1, without 1.

    Returns:
        Weights, (N + M,) float32, of `joined([source, support])`.
    """
    of_support = balanced(support) * len(source) / len(support) * np.float32(share / (1 - share))
    return np.concatenate([balanced(source), of_support])


def judged_among(selection: Selection) -> np.ndarray | None:
    """The classes that each utterance is judged among: those that its file has.

    Where a file has no sad utterance, none of its utterances says that what it holds is not sad.

    Args:
        selection: The N utterances.

    Returns:
        (N, C) bool; None where every file has every class.
    """
    if not any(origin.lacking for origin in set(selection.origins)):
        return None
    return np.array(
        [[name not in of.lacking for name in selection.classes] for of in selection.origins]
    )
