"""Finds what makes a corpus or a split doubtful without being a leak."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from mdat_audit.inputs.item import Item
from mdat_audit.leaks.leaks import copies, over_splits
from mdat_data.doubts import lookalikes, single_emotions
from mdat_data.splits.leakage import Finding, missing_classes
from mdat_data.splits.split import Split
from mdat_data.utterance import Utterance

UNEVEN = 3.0
"""Emotions are uneven where the most frequent has this many times the utterances of the rarest."""

MOST = 0.5
"""Speakers with more than this share of the utterances of an emotion are named."""


def find_doubts(items: Sequence[Item], splits: Mapping[str, Split]) -> tuple[Finding, ...]:
    """Find what is doubtful.

    Args:
        items: The utterances.
        splits: Name -> split.

    Returns:
        At most one finding for each check.
    """
    utterances = [item.utterance for item in items]
    by_split = {
        name: [*missing_classes(split, utterances), *_untested(split, utterances)]
        for name, split in splits.items()
    }
    return (
        *over_splits(by_split),
        *_without_place(splits, utterances),
        *_single_emotion(utterances),
        *_one_voice(utterances),
        *_uneven(utterances),
        *_copies(items),
        *_spellings(utterances),
    )


def _untested(split: Split, utterances: Sequence[Utterance]) -> Iterator[Finding]:
    tested = {*split.test}
    emotions = {u.emotion for u in utterances if u.emotion}
    missing = emotions - {u.emotion for u in utterances if u.id in tested}
    if missing:
        yield Finding(
            check="untested classes",
            text="the test set lacks emotions; its unweighted accuracy leaves them out",
            examples=tuple(sorted(missing)),
        )


def _without_place(
    splits: Mapping[str, Split], utterances: Sequence[Utterance]
) -> Iterator[Finding]:
    placed = {
        id for split in splits.values() for id in (*split.train, *split.validation, *split.test)
    }
    rest = tuple(u.id for u in utterances if u.id not in placed)
    if splits and rest:
        yield Finding(
            check="unassigned",
            text=f"{len(rest)} of {len(utterances)} utterances are in no part of the split",
            examples=rest,
        )


def _single_emotion(utterances: Sequence[Utterance]) -> Iterator[Finding]:
    emotion_of = single_emotions(utterances)
    single = [f"{speaker} {emotion}" for speaker, emotion in emotion_of.items() if emotion]
    if single:
        yield Finding(
            check="single emotion",
            text=f"{len(single)} of {len(emotion_of)} speakers have a single emotion: where such "
            "speakers are on both sides of a split, recognising the speaker gives the emotion",
            examples=tuple(single),
        )


def _one_voice(utterances: Sequence[Utterance]) -> Iterator[Finding]:
    labelled = [u for u in utterances if u.emotion]
    totals = Counter(u.emotion for u in labelled)
    of_pairs = Counter((u.emotion, u.speaker) for u in labelled)
    named = tuple(
        f"{emotion}: {speaker} speaks {count} of {totals[emotion]}"
        for (emotion, speaker), count in sorted(of_pairs.items())
        if count > MOST * totals[emotion]
    )
    if named and len({u.speaker for u in labelled}) > 2:
        yield Finding(
            check="one voice",
            text="one speaker speaks most utterances of an emotion",
            examples=named,
        )


def _uneven(utterances: Sequence[Utterance]) -> Iterator[Finding]:
    counts = Counter(u.emotion for u in utterances if u.emotion).most_common()
    if counts and counts[0][1] >= UNEVEN * counts[-1][1]:
        (most, often), (least, rarely) = counts[0], counts[-1]
        yield Finding(
            check="imbalance",
            text=f"{most} has {often / rarely:.1f} times the utterances of {least}; always "
            f"guessing {most} has a weighted accuracy of {often / sum(n for _, n in counts):.0%}",
            examples=tuple(f"{emotion} {count}" for emotion, count in counts),
        )


def _copies(items: Sequence[Item]) -> Iterator[Finding]:
    if same := copies(items):
        yield Finding(
            check="copies",
            text=f"{len(same)} recordings are there several times, sample for sample: any split "
            "that divides them leaks",
            examples=tuple(" = ".join(u.id for u in of_one) for of_one in same),
        )


def _spellings(utterances: Sequence[Utterance]) -> Iterator[Finding]:
    words = {
        "emotions": [u.emotion for u in utterances if u.emotion],
        "speakers": [u.speaker for u in utterances],
    }
    for kind, of_kind in words.items():
        if alike := lookalikes(of_kind):
            yield Finding(
                check=f"spelling of {kind}",
                text=f"{len(alike)} {kind} are written in several ways, and count as different",
                examples=tuple(" = ".join(map(repr, spellings)) for spellings in alike),
            )
