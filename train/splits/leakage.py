"""What could let a model score without hearing emotion, or keep it from scoring."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from mdat_data.utterance import Utterance
from mdat_train.splits.folds import Split

DEVIATIONS = 3.0
"""Sentences are said to predict the emotion when guessing by them hits so many standard deviations
more often than the same guesses in any other order would."""


def leaks(split: Split, utterances: Sequence[Utterance]) -> list[str]:
    """Warnings about what the test part shares with the training part.

    Args:
        split: Training and test part.
        utterances: All that it speaks of.

    Returns:
        A sentence for each leak; none where speakers are apart and sentences tell nothing. That
        sentences merely repeat, as acted corpora repeat them in every emotion, is no leak.
    """
    by_id = {u.id: u for u in utterances}
    train = [by_id[i] for i in (*split.train, *split.validation)]
    test = [by_id[i] for i in split.test]
    return [*_speakers(train, test), *_sentences(train, test)]


def untaught(split: Split, utterances: Sequence[Utterance]) -> list[str]:
    """Warn of emotions that are tested but not learned from.

    Args:
        split: Training and test part.
        utterances: All that it speaks of.

    Returns:
        A sentence, where there are such emotions.
    """
    learned, tested = (
        {u.emotion for u in utterances if u.id in part}
        for part in ({*split.train, *split.validation}, {*split.test})
    )
    if not tested - learned:
        return []
    return [f"{', '.join(sorted(tested - learned))} is tested but was not learned from"]


def _speakers(train: Sequence[Utterance], test: Sequence[Utterance]) -> list[str]:
    tested = {u.speaker for u in test}
    both = tested & {u.speaker for u in train}
    if not both:
        return []
    return [
        f"{len(both)} of {len(tested)} test speakers are heard in training too: the score rewards "
        "recognising the speaker"
    ]


def _sentences(train: Sequence[Utterance], test: Sequence[Utterance]) -> list[str]:
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for u in train:
        said[u.transcript][u.emotion] += 1
    repeated = [u for u in test if u.transcript and u.transcript in said]
    guesses = [said[u.transcript].most_common(1)[0][0] for u in repeated]
    emotions = Counter(u.emotion for u in repeated)
    frequency = np.array([emotions[guess] for guess in guesses]) / max(len(repeated), 1)
    hits = sum(guess == u.emotion for guess, u in zip(guesses, repeated, strict=True))
    by_chance, deviation = frequency.sum(), np.sqrt((frequency * (1 - frequency)).sum())
    if hits <= by_chance + DEVIATIONS * deviation:
        return []
    return [
        f"{len(repeated)} test utterances repeat sentences of the training part, and these predict "
        f"the emotion: {hits} hits where {by_chance:.0f} come by chance. The text leaks"
    ]
