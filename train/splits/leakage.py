"""Checks of a split for leakage, and for classes that the training set lacks."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from mdat_data.utterance import Utterance
from mdat_train.splits.split import Split

DEVIATIONS = 3.0
"""Sentences predict the emotion where guesses from them are right more often than the same guesses
in random order, by this number of standard deviations."""


def leaks(split: Split, utterances: Sequence[Utterance]) -> list[str]:
    """Find what the test set shares with the training set.

    Sentences that occur in both sets are no leak by themselves: acted corpora have the same
    sentences in every emotion.

    Args:
        split: The split.
        utterances: The utterances of the split.

    Returns:
        A sentence for each leak; none where speakers are apart and sentences do not predict the
        emotion.
    """
    by_id = {u.id: u for u in utterances}
    train = [by_id[i] for i in (*split.train, *split.validation)]
    test = [by_id[i] for i in split.test]
    return [*_speakers(train, test), *_sentences(train, test)]


def missing_classes(split: Split, utterances: Sequence[Utterance]) -> list[str]:
    """Find emotions that are in the test set but not in the training set.

    Args:
        split: The split.
        utterances: The utterances of the split.

    Returns:
        A sentence where there are such emotions.
    """
    trained, tested = (
        {u.emotion for u in utterances if u.emotion and u.id in ids}
        for ids in ({*split.train, *split.validation}, {*split.test})
    )
    if not tested - trained:
        return []
    return [f"{', '.join(sorted(tested - trained))} is in the test set but not in the training set"]


def _speakers(train: Sequence[Utterance], test: Sequence[Utterance]) -> list[str]:
    tested = {u.speaker for u in test}
    both = tested & {u.speaker for u in train}
    if not both:
        return []
    return [
        f"{len(both)} of {len(tested)} test speakers are in the training set too: the score "
        "rewards recognising the speaker"
    ]


def _sentences(train: Sequence[Utterance], test: Sequence[Utterance]) -> list[str]:
    emotions_of: dict[str, Counter[str | None]] = defaultdict(Counter)
    for u in train:
        emotions_of[u.transcript][u.emotion] += 1
    repeated = [u for u in test if u.transcript and u.transcript in emotions_of]
    guesses = [emotions_of[u.transcript].most_common(1)[0][0] for u in repeated]
    repeated_emotions = Counter(u.emotion for u in repeated)
    frequency = np.array([repeated_emotions[guess] for guess in guesses]) / max(len(repeated), 1)
    hits = sum(guess == u.emotion for guess, u in zip(guesses, repeated, strict=True))
    by_chance, deviation = frequency.sum(), np.sqrt((frequency * (1 - frequency)).sum())
    if hits <= by_chance + DEVIATIONS * deviation:
        return []
    return [
        f"{len(repeated)} test utterances have sentences of the training set, and these predict "
        f"the emotion: {hits} are right where chance gives {by_chance:.0f}. The text leaks"
    ]
