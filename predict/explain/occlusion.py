"""Occlusion: how far the probability of an emotion falls when a part is masked.

Reference:
    Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014.
"""

import numpy as np

from mdat_predict.explain.masking import Masking

WINDOW = 0.1
"""Seconds of speech that are masked together. The next window begins half of that later."""


def of_speech(masking: Masking, emotion: int) -> np.ndarray:
    """Mask windows of the speech, one after the other.

    Args:
        masking: The utterance.
        emotion: Number of the class.

    Returns:
        For each step of speech the mean fall of the probability of the class in the windows that
        mask it, (steps,) float64; negative where the probability rises. NaN for an utterance of a
        single step, which cannot be masked.
    """
    if masking.steps < 2:
        return np.full(masking.steps, np.nan)
    masked = windows(masking.steps, masking.rate)
    left = np.vstack([np.ones(masking.steps, bool), ~masked])
    whole, *rest = masking.probabilities(speech=left)[:, emotion]
    falls = whole - np.array(rest)
    return np.asarray(falls @ masked / masked.sum(axis=0))


def of_text(masking: Masking, emotion: int) -> np.ndarray:
    """Mask each token in turn.

    Args:
        masking: The utterance.
        emotion: Number of the class.

    Returns:
        For each token the fall of the probability of the class, (tokens,) float64. NaN for a
        single token.
    """
    if masking.tokens < 2:
        return np.full(masking.tokens, np.nan)
    left = np.vstack([np.ones(masking.tokens, bool), ~np.eye(masking.tokens, dtype=bool)])
    whole, *rest = masking.probabilities(text=left)[:, emotion]
    return np.asarray(whole - np.array(rest))


def windows(steps: int, rate: float) -> np.ndarray:
    """The windows that are masked.

    The first and the last ones reach beyond the ends, so that there are as many over a step at an
    end as over another.

    Args:
        steps: Number of steps, at least 2.
        rate: Steps per second.

    Returns:
        (windows, steps) bool, True = masked. No window masks all steps.

    Example:
        >>> windows(3, rate=20).astype(int).tolist()
        [[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]]
    """
    width = min(max(1, int(WINDOW * rate + 0.5)), steps - 1)
    starts = np.arange(1 - width, steps, max(1, width // 2))[:, None]
    places = np.arange(steps)
    return np.asarray((places >= starts) & (places < starts + width))
