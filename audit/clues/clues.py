"""What the emotion may be guessed from without being heard."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedKFold

from mdat_audit.clues.guess import Guess, guess
from mdat_audit.clues.ways import APART, FOLDS, ways
from mdat_audit.inputs.item import Item, Progress, measures_of
from mdat_data.splits.split import Split

MEASURES = {
    "duration": ("duration",),
    "loudness": ("loudness", "peak"),
    "silence": ("silence", "before", "after"),
    "DC offset": ("offset",),
    "bandwidth": ("bandwidth",),
    "sampling rate": ("rate",),
    "recording conditions": ("offset", "bandwidth", "rate"),
}
"""Name of a clue -> the numbers that it is made of."""

ALWAYS_NEW = ("speaker", APART)
"""A speaker of the test set tells nothing where the training set has none of them."""

SAME = "the same in all recordings"
NO_SENTENCES = "neither sentences nor transcripts"
UNREAD = "recordings not read"
"""Reasons for which there are no guesses."""

Values = Mapping[str, np.ndarray | str]
"""Name of a clue -> words (N,) or numbers (N, K); or why it has none."""


@dataclass(frozen=True, kw_only=True)
class Clue:
    """How much a clue tells.

    Attributes:
        name: What it is, such as `speaker`.
        emotion: Way of dividing the corpus -> how well the emotion is guessed.
        speaker: How well the speaker is guessed, on random folds; None where it was not tried.
        reason: Why there are no guesses; empty where there are.
    """

    name: str
    emotion: Mapping[str, Guess]
    speaker: Guess | None
    reason: str = ""


def find_clues(
    items: Sequence[Item], splits: Mapping[str, Split], *, seed: int, progress: Progress
) -> tuple[Clue, ...]:
    """Guess the emotion from each clue alone.

    Args:
        items: The utterances. Unlabelled ones, and emotions with fewer than `FOLDS`, are ignored.
        splits: Name -> split that is examined.
        seed: Seed of folds, trees and intervals.
        progress: Shows how far the work is.

    Returns:
        The clues; none where fewer than two emotions are left.
    """
    counts = Counter(item.utterance.emotion for item in items)
    used = [i for i in items if i.utterance.emotion and counts[i.utterance.emotion] >= FOLDS]
    if len({item.utterance.emotion for item in used}) < 2:
        return ()
    values: Values = {**_words(used), **_numbers(used)}
    return tuple(progress(_clues(used, values, splits, seed), "clues", len(values)))


def _clues(
    items: Sequence[Item], values: Values, splits: Mapping[str, Split], seed: int
) -> Iterator[Clue]:
    utterances = [item.utterance for item in items]
    speakers = [u.speaker for u in utterances]
    labels = np.unique([u.emotion or "" for u in utterances], return_inverse=True)[1]
    divided = ways(utterances, labels, splits, seed=seed)
    for name, known in values.items():
        if isinstance(known, str) or len(np.unique(known, axis=0)) == 1:
            reason = known if isinstance(known, str) else SAME
            yield Clue(name=name, emotion={}, speaker=None, reason=reason)
            continue
        yield Clue(
            name=name,
            emotion={
                way: guess(known, labels, sides, speakers=speakers, seed=seed)
                for way, sides in divided.items()
                if (name, way) != ALWAYS_NEW
            },
            speaker=_speaker(known, speakers, seed=seed) if name in MEASURES else None,
        )


def _words(items: Sequence[Item]) -> dict[str, np.ndarray | str]:
    corpora = [item.corpus for item in items]
    sentences = [item.utterance.sentence or item.utterance.transcript for item in items]
    return {
        **({"corpus": np.array(corpora)} if len(set(corpora)) > 1 else {}),
        "speaker": np.array([item.utterance.speaker for item in items]),
        "sentence": np.array(sentences) if any(sentences) else NO_SENTENCES,
    }


def _numbers(items: Sequence[Item]) -> dict[str, np.ndarray | str]:
    columns = measures_of(items)
    return {
        clue: np.array([columns[name] for name in names]).T
        if columns.keys() >= {*names}
        else UNREAD
        for clue, names in MEASURES.items()
    }


def _speaker(values: np.ndarray, speakers: Sequence[str], *, seed: int) -> Guess | None:
    """How well those speakers are guessed who have enough recordings."""
    counts = Counter(speakers)
    rows = [row for row, speaker in enumerate(speakers) if counts[speaker] >= FOLDS]
    names, labels = np.unique([speakers[row] for row in rows], return_inverse=True)
    if len(names) < 2:
        return None
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(labels, labels)
    return guess(values[rows], labels, list(folds), speakers=None, seed=seed)
