"""How emotions are spread over speakers, and measures over emotions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from mdat_audit.inputs.item import Item, measures_of
from mdat_data import Utterance
from mdat_data.splits.split import Split
from mdat_data.utterance import UNLABELLED


@dataclass(frozen=True)
class Spread:
    """The middle half of some numbers.

    Attributes:
        low: The 25 % quantile.
        median: The 50 % quantile.
        high: The 75 % quantile.
    """

    low: float
    median: float
    high: float


def emotion_of(utterance: Utterance) -> str:
    """The emotion of an utterance, in words."""
    return utterance.emotion or UNLABELLED


def emotions_by_speaker(utterances: Sequence[Utterance]) -> dict[str, Counter[str]]:
    """Count the emotions of every speaker.

    Args:
        utterances: The utterances.

    Returns:
        Speaker -> emotion -> number of utterances; the speakers in alphabetical order.
    """
    counts: dict[str, Counter[str]] = {u.speaker: Counter() for u in utterances}
    for u in utterances:
        counts[u.speaker][emotion_of(u)] += 1
    return dict(sorted(counts.items()))


def emotions_by_part(
    splits: Mapping[str, Split], utterances: Sequence[Utterance]
) -> dict[tuple[str, str], Counter[str]]:
    """Count the emotions of every part of every split.

    Args:
        splits: Name -> split.
        utterances: The utterances.

    Returns:
        Name of a split and of a part -> emotion -> number of utterances; no empty parts.
    """
    by_id = {u.id: u for u in utterances}
    return {
        (name, part): Counter(emotion_of(by_id[id]) for id in members)
        for name, split in splits.items()
        for part, members in asdict(split).items()
        if members
    }


def spread_by_emotion(items: Sequence[Item]) -> dict[str, dict[str, Spread]]:
    """Describe durations and, where recordings were read, their measures.

    Args:
        items: The utterances.

    Returns:
        Measure, `duration` first -> emotion -> its spread.
    """
    emotions = [emotion_of(item.utterance) for item in items]
    return {name: _by_emotion(values, emotions) for name, values in measures_of(items).items()}


def _by_emotion(numbers: Sequence[float], emotions: Sequence[str]) -> dict[str, Spread]:
    array, of = np.array(numbers), np.array(emotions)
    return {
        emotion: Spread(*np.quantile(array[of == emotion], [0.25, 0.5, 0.75]).tolist())
        for emotion in sorted(set(emotions))
    }
