"""Who is in which part: pure functions of (utterances, seed)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from sklearn.model_selection import StratifiedKFold

from mdat_data.errors import InputError
from mdat_data.utterance import Utterance

VALIDATION_FOLDS = 5
"""One in so many groups of the training side is held out to watch the training."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """Ids of the utterances of each part.

    Attributes:
        train: Learned from; in k-shot the support.
        test: Scored; in k-shot the queries.
        validation: Watched during training.

    Raises:
        ValueError: An id stands in two parts.
    """

    train: tuple[str, ...]
    test: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        parts = {name: set(getattr(self, name)) for name in ("train", "test", "validation")}
        for (a, ids), (b, others) in combinations(parts.items(), 2):
            if both := sorted(ids & others):
                raise ValueError(f"{both[0]} and {len(both) - 1} more stand in both {a} and {b}")


def by_group(utterances: Sequence[Utterance], *, folds: int, seed: int) -> list[Split]:
    """Folds that never divide a group, with the emotions spread about evenly.

    Groups are taken in random order, each into the fold that holds least of its emotions.
    scikit-learn's StratifiedGroupKFold spreads them no better, and gives the same folds for every
    seed where groups differ in size.

    Args:
        utterances: To divide.
        folds: How many; as many as there are groups means that each is held out once.
        seed: Decides which groups share a fold.

    Returns:
        One split for each fold, with empty validation part.

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
    """Random folds with the emotions in equal shares; speakers stand on both sides.

    Args:
        utterances: To divide.
        folds: How many.
        seed: Decides who is where.

    Returns:
        One split for each fold, with empty validation part.

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
    """Move some groups of the training part to the validation part.

    Args:
        split: With an empty validation part.
        utterances: All that the split speaks of.
        seed: Decides which groups.

    Returns:
        The split, unchanged where no such choice of groups leaves every emotion on both sides.
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
    """Those with the ids `tested`, and the rest as training part."""
    return Split(
        train=tuple(u.id for u in utterances if u.id not in tested),
        test=tuple(u.id for u in utterances if u.id in tested),
    )


def _shares(utterances: Sequence[Utterance], groups: Sequence[str]) -> np.ndarray:
    """Share of each emotion's utterances that each group has, (G, C)."""
    clips = clips_of(utterances, groups)
    return np.asarray(clips / clips.sum(axis=0))


def clips_of(utterances: Sequence[Utterance], groups: Sequence[str]) -> np.ndarray:
    """Count the clips of each emotion that each group has.

    Args:
        utterances: To be counted.
        groups: Some of theirs.

    Returns:
        (G, C) int, the emotions in alphabetical order.
    """
    counts = Counter((u.group, u.emotion) for u in utterances)
    emotions = sorted({u.emotion for u in utterances})
    return np.array([[counts[group, emotion] for emotion in emotions] for group in groups])


def ids_by_emotion(utterances: Iterable[Utterance]) -> dict[str, list[str]]:
    """Ids of the utterances of each emotion.

    Args:
        utterances: To be told apart.

    Returns:
        Emotion -> ids, in the order of the utterances.
    """
    ids = defaultdict(list)
    for utterance in utterances:
        ids[utterance.emotion].append(utterance.id)
    return ids
