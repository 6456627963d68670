"""Checks of a split for leakage, and for classes that the training set lacks."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mdat_data.splits.split import Split
from mdat_data.utterance import Utterance

DEVIATIONS = 3.0
"""Sentences predict the emotion where guesses from them are right more often than the same guesses
in random order, by this number of standard deviations."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a check found.

    Attributes:
        check: What was examined, such as `speakers`.
        text: The finding, in a sentence.
        examples: What it is about: names of speakers, sentences, ids or emotions.
    """

    check: str
    text: str
    examples: tuple[str, ...]


def leaks(split: Split, utterances: Sequence[Utterance]) -> list[Finding]:
    """Find what the test set shares with the training set.

    Sentences that occur in both sets are no leak by themselves: acted corpora have the same
    sentences in every emotion.

    Args:
        split: The split.
        utterances: The utterances of the split.

    Returns:
        The leaks; none where speakers and groups are apart and sentences do not predict the
        emotion.
    """
    by_id = {u.id: u for u in utterances}
    train = [by_id[i] for i in (*split.train, *split.validation)]
    test = [by_id[i] for i in split.test]
    found = [*_divided("speakers", lambda u: u.speaker, train, test), *_sentences(train, test)]
    if any(u.group != u.speaker for u in utterances):
        found += _divided("groups", lambda u: u.group, train, test)
    return found


def missing_classes(split: Split, utterances: Sequence[Utterance]) -> list[Finding]:
    """Find emotions that are in the test set but not in the training set.

    Args:
        split: The split.
        utterances: The utterances of the split.

    Returns:
        One finding where there are such emotions.
    """
    trained, tested = (
        _emotions(utterances, ids) for ids in ({*split.train, *split.validation}, {*split.test})
    )
    missing = tuple(sorted(tested - trained))
    if not missing:
        return []
    are = "is" if len(missing) == 1 else "are"
    text = f"{', '.join(missing)} {are} in the test set but not in the training set"
    return [Finding(check="classes", text=text, examples=missing)]


def _emotions(utterances: Sequence[Utterance], ids: Collection[str]) -> set[str]:
    return {u.emotion for u in utterances if u.emotion and u.id in ids}


def _divided(
    name: str,
    of: Callable[[Utterance], str],
    train: Sequence[Utterance],
    test: Sequence[Utterance],
) -> Iterator[Finding]:
    """Speakers, or groups, that are on both sides."""
    tested = {of(u) for u in test}
    if both := tested & {of(u) for u in train}:
        yield Finding(
            check=name,
            text=f"{len(both)} of {len(tested)} test {name} are in the training set too: the score "
            f"rewards recognising the {name[:-1]}",
            examples=tuple(sorted(both)),
        )


def _sentences(train: Sequence[Utterance], test: Sequence[Utterance]) -> Iterator[Finding]:
    emotions_of: dict[str, Counter[str | None]] = defaultdict(Counter)
    for u in train:
        emotions_of[u.transcript][u.emotion] += 1
    repeated = [u for u in test if u.transcript and u.transcript in emotions_of]
    guesses = [emotions_of[u.transcript].most_common(1)[0][0] for u in repeated]
    repeated_emotions = Counter(u.emotion for u in repeated)
    frequency = np.array([repeated_emotions[guess] for guess in guesses]) / max(len(repeated), 1)
    right = [u for guess, u in zip(guesses, repeated, strict=True) if guess == u.emotion]
    by_chance, deviation = frequency.sum(), np.sqrt((frequency * (1 - frequency)).sum())
    if len(right) > by_chance + DEVIATIONS * deviation:
        yield Finding(
            check="sentences",
            text=f"{len(repeated)} test utterances have sentences of the training set, and these "
            f"predict the emotion: {len(right)} are right where chance gives {by_chance:.0f}. The "
            "text leaks",
            examples=tuple(dict.fromkeys(u.transcript for u in right)),
        )
