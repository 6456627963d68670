"""The ways to divide a corpus into training and test sets for the guesses."""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from mdat_audit.clues.guess import Sides
from mdat_data import Utterance
from mdat_data.splits.split import Split

RANDOM = "random folds"
APART = "speakers apart"
GIVEN = "this split"

FOLDS = 5
"""Number of folds; classes with fewer utterances are not guessed."""


def ways(
    utterances: Sequence[Utterance], labels: np.ndarray, splits: Mapping[str, Split], *, seed: int
) -> dict[str, list[Sides]]:
    """Divide utterances into training and test sets.

    Args:
        utterances: The utterances, with at least `FOLDS` of each class.
        labels: Their class numbers, (N,).
        splits: Name -> split that is examined.
        seed: Seed of the folds.

    Returns:
        `RANDOM`, `APART` where there are two groups or more, and `GIVEN` where there are splits ->
        the folds.
    """
    random = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    found = {RANDOM: list(random.split(labels, labels))}
    groups = np.array([u.group for u in utterances])
    if (several := min(FOLDS, len(set(groups)))) > 1:
        apart = StratifiedGroupKFold(several, shuffle=True, random_state=seed)
        found[APART] = list(apart.split(labels, labels, groups))
    found[GIVEN] = [_rows(split, utterances) for split in splits.values()]
    usable = {way: [s for s in sides if len(s[0]) and len(s[1])] for way, sides in found.items()}
    return {way: sides for way, sides in usable.items() if sides}


def _rows(split: Split, utterances: Sequence[Utterance]) -> Sides:
    row_of = {u.id: row for row, u in enumerate(utterances)}
    train = [row_of[id] for id in chain(split.train, split.validation) if id in row_of]
    test = [row_of[id] for id in split.test if id in row_of]
    return np.array(train, int), np.array(test, int)
