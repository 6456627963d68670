"""Folds of a corpus: pure functions of (utterances, seed)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from sklearn.model_selection import StratifiedKFold

from mdat_data.errors import InputError
from mdat_data.splits.split import Split
from mdat_data.utterance import Utterance

VALIDATION_FOLDS = 5
"""One fifth of the training groups becomes the validation set."""


def by_group(utterances: Sequence[Utterance], *, folds: int, seed: int) -> list[Split]:
    """Make speaker-independent folds: no group is divided, and emotions are spread evenly.

    Groups are taken in random order. Each goes to the fold that has the fewest utterances of its
    emotions so far. scikit-learn's StratifiedGroupKFold spreads emotions no better, and where
    groups differ in size it gives the same folds for every seed.

    Args:
        utterances: The utterances to divide.
        folds: Number of folds; where it equals the number of groups, each group is held out once.
        seed: Decides which groups share a fold.

    Returns:
        One split for each fold, with an empty validation set.

    Raises:
        InputError: There are fewer groups than folds.
    """
    groups = sorted({u.group for u in utterances})
    if len(groups) < folds:
        raise InputError(
            f"--split group with {folds} folds needs at least {folds} groups (speakers or "
            f"sessions), but there are {len(groups)}: {', '.join(groups)}. Use fewer --folds, or "
            "--split random, whose scores then reward recognising the speaker."
        )
    shares = _shares(utterances, groups)
    held = np.zeros((folds, shares.shape[1]))
    fold_of = {}
    for number in np.random.default_rng(seed).permutation(len(groups)):
        emptiest = np.lexsort((held.sum(axis=1), held @ shares[number]))[0]
        held[emptiest] += shares[number]
        fold_of[groups[number]] = emptiest
    return [
        _split(utterances, {u.id for u in utterances if fold_of[u.group] == fold})
        for fold in range(folds)
    ]


def stratified(utterances: Sequence[Utterance], *, folds: int, seed: int) -> list[Split]:
    """Make random folds with equal shares of the emotions; speakers are on both sides.

    Args:
        utterances: The utterances to divide.
        folds: Number of folds.
        seed: Decides the fold of each utterance.

    Returns:
        One split for each fold, with an empty validation set.

    Raises:
        InputError: An emotion has fewer utterances than there are folds.
    """
    for emotion, ids in ids_by_emotion(utterances).items():
        if len(ids) < folds:
            raise InputError(
                f"a random division into {folds} parts needs at least {folds} utterances of each "
                f"emotion, but {emotion} has {len(ids)}. Use fewer --folds or other --classes "
                "(--split 80-20 always divides into 5)."
            )
    folder = StratifiedKFold(folds, shuffle=True, random_state=seed)
    parts = folder.split(utterances, [u.emotion for u in utterances])
    return [_split(utterances, {utterances[row].id for row in test}) for _, test in parts]


def with_validation(split: Split, utterances: Sequence[Utterance], *, seed: int) -> Split:
    """Move some groups of the training set to the validation set.

    Args:
        split: A split with an empty validation set.
        utterances: The utterances of the split.
        seed: Decides which groups.

    Returns:
        The split; unchanged where no choice of groups leaves every emotion in both sets.
    """
    members = set(split.train)
    training = [u for u in utterances if u.id in members]
    emotion = {u.id: u.emotion for u in training}
    folds = min(VALIDATION_FOLDS, len({u.group for u in training}))
    for inner in by_group(training, folds=folds, seed=seed) if folds > 1 else []:
        if all(
            {emotion[i] for i in side} == set(emotion.values())
            for side in (inner.train, inner.test)
        ):
            return replace(split, train=inner.train, validation=inner.test)
    return split


def _split(utterances: Sequence[Utterance], tested: set[str]) -> Split:
    """A split whose test set has the ids `tested`; all other utterances are the training set."""
    return Split(
        train=tuple(u.id for u in utterances if u.id not in tested),
        test=tuple(u.id for u in utterances if u.id in tested),
    )


def _shares(utterances: Sequence[Utterance], groups: Sequence[str]) -> np.ndarray:
    """Fraction of the utterances of each emotion that each group has, (G, C)."""
    counts = count_by_group(utterances, groups)
    return np.asarray(counts / counts.sum(axis=0))


def count_by_group(utterances: Sequence[Utterance], groups: Sequence[str]) -> np.ndarray:
    """Count the utterances of each emotion in each group.

    Args:
        utterances: The utterances to count.
        groups: The groups to count in.

    Returns:
        Counts, (G, C) int, the emotions in alphabetical order.
    """
    counts = Counter((u.group, u.emotion) for u in utterances)
    emotions = sorted({u.emotion for u in utterances if u.emotion})
    return np.array([[counts[group, emotion] for emotion in emotions] for group in groups])


def ids_by_emotion(utterances: Iterable[Utterance]) -> dict[str, list[str]]:
    """Collect the ids of each emotion.

    Args:
        utterances: The utterances.

    Returns:
        Emotion -> ids, in the order of the utterances.
    """
    ids = defaultdict(list)
    for utterance in utterances:
        if utterance.emotion:
            ids[utterance.emotion].append(utterance.id)
    return ids
