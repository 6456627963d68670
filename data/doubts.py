"""What makes a corpus doubtful: words that look alike, speakers with one emotion, and copies."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from mdat_data.errors import listed
from mdat_data.printable import one_line
from mdat_data.utterance import UNLABELLED, Utterance, normalized

CONSEQUENCES = {
    "emotions": "They are different emotions; mdat-train counts them as one with --merge",
    "speakers": "They are different speakers, who may be on both sides of a split",
}


def doubts(utterances: Sequence[Utterance], fingerprints: Sequence[str]) -> list[str]:
    """Describe what is doubtful, with the way out.

    Args:
        utterances: The utterances of a corpus.
        fingerprints: What copies of the recording of each share; empty where it is unknown.

    Returns:
        A sentence for each doubt.
    """
    return [
        *spellings("emotions", [u.emotion for u in utterances if u.emotion]),
        *spellings("speakers", [u.speaker for u in utterances]),
        *_single(utterances),
        *_repeated(utterances, fingerprints),
    ]


def spellings(kind: str, words: Sequence[str]) -> list[str]:
    """Describe words that look alike and count as different.

    Args:
        kind: A key of `CONSEQUENCES`.
        words: The word of each utterance.

    Returns:
        A sentence for each spelling that has several words.
    """
    counts = Counter(words)
    named = (
        " and ".join(f"{one_line(repr(word))} ({counts[word]})" for word in alike)
        for alike in lookalikes(counts)
    )
    return [
        f"warning: {kind} that differ only in case or spelling: {words}. {CONSEQUENCES[kind]}. "
        "Correct the table if they are one."
        for words in named
    ]


def lookalikes(words: Iterable[str]) -> list[tuple[str, ...]]:
    """Find different words that differ only in case, in white space or in how é is composed.

    Args:
        words: The words; they may repeat.

    Returns:
        The words of each spelling that has several.

    Example:
        >>> lookalikes(["angry", "sad", "Angry ", "sad"])
        [('Angry ', 'angry')]
    """
    by_key = defaultdict(set)
    for word in words:
        by_key[" ".join(normalized(word).casefold().split())].add(word)
    return [tuple(sorted(alike)) for _, alike in sorted(by_key.items()) if len(alike) > 1]


def repeats(fingerprints: Sequence[str]) -> list[list[int]]:
    """Find recordings that are there several times.

    Args:
        fingerprints: What copies of the recording of each utterance share; empty where it is
            unknown.

    Returns:
        The rows of each recording that has several, ascending.

    Example:
        >>> repeats(["a", "b", "a", "", ""])
        [[0, 2]]
    """
    rows = defaultdict(list)
    for row, fingerprint in enumerate(fingerprints):
        rows[fingerprint].append(row)
    return [same for fingerprint, same in rows.items() if fingerprint and len(same) > 1]


def single_emotions(utterances: Iterable[Utterance]) -> dict[str, str | None]:
    """Find the speakers whose recordings all have the same emotion.

    Args:
        utterances: The utterances. Speakers with fewer than two labelled ones are left out.

    Returns:
        Speaker -> the emotion; None where the speaker has several.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for u in utterances:
        if u.emotion:
            counts[u.speaker][u.emotion] += 1
    return {
        speaker: next(iter(of_speaker)) if len(of_speaker) == 1 else None
        for speaker, of_speaker in sorted(counts.items())
        if of_speaker.total() > 1
    }


def _single(utterances: Sequence[Utterance]) -> Iterator[str]:
    emotion_of = single_emotions(utterances)
    single = {speaker: emotion for speaker, emotion in emotion_of.items() if emotion}
    if len({u.emotion for u in utterances} - {None}) > 1 and single:
        yield (
            f"warning: {len(single)} of {len(emotion_of)} speakers have a single emotion: "
            f"{listed(f'{speaker} {emotion}' for speaker, emotion in single.items())}. "
            "Recognising such a speaker gives the emotion; mdat-audit measures what else does."
        )


def _repeated(utterances: Sequence[Utterance], fingerprints: Sequence[str]) -> Iterator[str]:
    same = [[utterances[row] for row in rows] for rows in repeats(fingerprints)]
    if not same:
        return
    yield (
        f"warning: {len(same)} recordings are there several times, sample for sample: "
        f"{listed((' = '.join(u.id for u in of_one) for of_one in same), separator='; ')}. "
        "mdat-train uses each of them once. Remove the copies."
    )
    differ = [of_one for of_one in same if len({u.emotion for u in of_one} - {None}) > 1]
    if differ:
        named = (
            ", ".join(f"{u.id} {u.emotion or UNLABELLED}" for u in of_one) for of_one in differ
        )
        yield (
            f"warning: {len(differ)} of these have several emotions: "
            f"{listed(named, separator='; ')}. mdat-train leaves them out. Decide on one emotion."
        )
