"""Finds what parts of a split share, and recordings with two labels."""

from collections.abc import Iterator, Mapping, Sequence

from mdat_audit.inputs.item import Item
from mdat_data.doubts import repeats
from mdat_data.splits.leakage import Finding, leaks
from mdat_data.splits.split import Split
from mdat_data.utterance import UNLABELLED, Utterance


def find_leaks(items: Sequence[Item], splits: Mapping[str, Split]) -> tuple[Finding, ...]:
    """Find all leaks of a corpus and its splits.

    Args:
        items: The utterances.
        splits: Name -> split.

    Returns:
        At most one finding for each check, over all splits.
    """
    utterances = [item.utterance for item in items]
    by_split = {
        name: [*leaks(split, utterances), *_shared_audio(split, items)]
        for name, split in splits.items()
    }
    return (*over_splits(by_split), *_contradictions(items))


def over_splits(by_split: Mapping[str, Sequence[Finding]]) -> Iterator[Finding]:
    """Join the findings of all splits, one for each check.

    Args:
        by_split: Name of a split -> its findings.

    Yields:
        For each check the text of the first split that it concerns, the number of the others, and
        the examples of all.
    """
    checks = dict.fromkeys(found.check for findings in by_split.values() for found in findings)
    for check in checks:
        concerned = {
            name: found
            for name, findings in by_split.items()
            for found in findings
            if found.check == check
        }
        first, *_ = concerned
        where = f"in {len(concerned)} of {len(by_split)} folds; {first}: "
        yield Finding(
            check=check,
            text=(where if len(by_split) > 1 else "") + concerned[first].text,
            examples=tuple(
                dict.fromkeys(e for found in concerned.values() for e in found.examples)
            ),
        )


def copies(items: Sequence[Item]) -> list[list[Utterance]]:
    """The utterances of each recording that is there several times, sample for sample."""
    same = repeats([item.fingerprint for item in items])
    return [[items[row].utterance for row in rows] for rows in same]


def _shared_audio(split: Split, items: Sequence[Item]) -> Iterator[Finding]:
    learned, tested = {*split.train, *split.validation}, {*split.test}
    named = [[u.id for u in of_one] for of_one in copies(items)]
    shared = [ids for ids in named if not (learned.isdisjoint(ids) or tested.isdisjoint(ids))]
    if shared:
        number = sum(id in tested for ids in shared for id in ids)
        yield Finding(
            check="audio",
            text=f"{number} of {len(tested)} test recordings are in the training set too, sample "
            "for sample",
            examples=tuple(" = ".join(ids) for ids in shared),
        )


def _contradictions(items: Sequence[Item]) -> Iterator[Finding]:
    differ = [of_one for of_one in copies(items) if len({u.emotion for u in of_one} - {None}) > 1]
    if differ:
        yield Finding(
            check="labels",
            text=f"{len(differ)} recordings are there several times, sample for sample, with "
            "different emotions",
            examples=tuple(
                ", ".join(f"{u.id} {u.emotion or UNLABELLED}" for u in of_one) for of_one in differ
            ),
        )
