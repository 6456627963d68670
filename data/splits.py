"""Who is in which part: pure functions of (utterances, seed)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from sklearn.model_selection import StratifiedKFold

from mdat_data.errors import InputError
from mdat_data.utterance import Utterance

POOL = 15
"""Clips of a class from which the k of k-shot are drawn: the paper's largest k. The queries are all
clips outside the pool, so they are the same for every k up to this."""

VALIDATION_FOLDS = 5
"""One in so many groups of the training side is held out to watch the training."""

Seed = int | tuple[int, ...]


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
    for emotion, ids in _by_emotion(utterances).items():
        if len(ids) < folds:
            raise InputError(
                f"--split random with {folds} folds needs at least {folds} utterances of each "
                f"emotion, but {emotion} has {len(ids)}. Use fewer --folds or other --classes."
            )
    folder = StratifiedKFold(folds, shuffle=True, random_state=seed)
    parts = folder.split(utterances, [u.emotion for u in utterances])
    return [_split(utterances, {utterances[row].id for row in test}) for _, test in parts]


def k_shot(utterances: Sequence[Utterance], *, shots: int, seed: Seed, pool: int = POOL) -> Split:
    """Draw the labelled clips that a model may adapt with.

    A pool of `max(pool, shots)` clips per emotion is drawn; the support is its first `shots` clips
    per emotion, so that supports are nested (5 in 10 in 15), and the queries are all clips outside
    the pool, the same for every number of shots up to the pool's. Speakers stand on both sides.

    Args:
        utterances: Of the target corpus.
        shots: Clips per emotion.
        seed: Decides the draw.
        pool: Clips per emotion that are never queries.

    Returns:
        The support as `train`, the queries as `test`.

    Raises:
        InputError: An emotion has too few clips to leave one outside the pool.
    """
    pool = max(pool, shots)
    _refuse_too_few(utterances, pool)
    support, in_pool = _drawn(utterances, shots, pool, seed)
    query = (u.id for u in utterances if u.id not in in_pool)
    return Split(train=tuple(sorted(support)), test=tuple(sorted(query)))


def k_shot_by_group(
    utterances: Sequence[Utterance], *, shots: int, seed: Seed, pool: int = POOL
) -> Split:
    """Draw the labelled clips from some groups, and test on the other groups only.

    The support's groups are drawn first: the fewest whose clips fill a pool of `max(pool, shots)`
    per emotion and leave every emotion in the others. The pool is drawn from their clips, and the
    support is its first `shots` clips per emotion; the queries are all clips of the other groups.

    Args:
        utterances: Of the target corpus.
        shots: Clips per emotion.
        seed: Decides the draw, and between sets of groups of the same number.
        pool: Clips per emotion that the support's groups have at least.

    Returns:
        The support as `train`, the queries as `test`.

    Raises:
        InputError: An emotion has too few clips, or no set of groups fills the pool and leaves
            every emotion to test on.
    """
    pool = max(pool, shots)
    _refuse_too_few(utterances, pool)
    groups = _fewest_groups(utterances, pool, seed)
    inside = [u for u in utterances if u.group in groups]
    support, _ = _drawn(inside, shots, pool, seed)
    query = (u.id for u in utterances if u.group not in groups)
    return Split(train=tuple(sorted(support)), test=tuple(sorted(query)))


def _refuse_too_few(utterances: Sequence[Utterance], pool: int) -> None:
    for emotion, ids in sorted(_by_emotion(utterances).items()):
        if len(ids) <= pool:
            raise InputError(
                f"--shots takes a pool of {pool} clips of each emotion out of the target (the most "
                f"shots, and never fewer than {POOL}) and needs at least one more to test on, but "
                f"{emotion} has {len(ids)}. Use fewer --shots, leave the emotion out of --classes, "
                "or record more."
            )


def _drawn(
    utterances: Sequence[Utterance], shots: int, pool: int, seed: Seed
) -> tuple[set[str], set[str]]:
    """Ids of the support and of the pool around it."""
    rng = np.random.default_rng(seed)
    support: set[str] = set()
    in_pool: set[str] = set()
    for _, ids in sorted(_by_emotion(utterances).items()):
        order = [ids[i] for i in rng.permutation(len(ids))]
        support.update(order[:shots])
        in_pool.update(order[:pool])
    return support, in_pool


def _fewest_groups(utterances: Sequence[Utterance], pool: int, seed: Seed) -> set[str]:
    """The fewest groups that hold a pool of every emotion and leave every emotion elsewhere."""
    groups = sorted({u.group for u in utterances})
    clips = _clips(utterances, groups)
    # Less than one group in all, the random part only decides between sets of the same number.
    cost = 1 + np.random.default_rng(seed).random(len(groups)) / (len(groups) + 1)
    found = milp(
        cost,
        integrality=1,
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(clips.T, pool, clips.sum(axis=0) - 1),
    )
    if found.x is None:
        raise InputError(
            f"--split group takes the clips to learn from and the queries from different groups "
            f"(speakers or sessions), but no choice among the {len(groups)} groups of the target "
            f"has {pool} clips of each emotion (the most shots, and never fewer than {POOL}) and "
            "leaves every emotion in other groups. Use --split random, whose scores then reward "
            "recognising the speaker, or fewer --classes."
        )
    return {group for group, taken in zip(groups, found.x, strict=True) if taken > 0.5}


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
    clips = _clips(utterances, groups)
    return np.asarray(clips / clips.sum(axis=0))


def _clips(utterances: Sequence[Utterance], groups: Sequence[str]) -> np.ndarray:
    """Number of clips of each emotion that each group has, (G, C)."""
    counts = Counter((u.group, u.emotion) for u in utterances)
    emotions = sorted({u.emotion for u in utterances})
    return np.array([[counts[group, emotion] for emotion in emotions] for group in groups])


def _by_emotion(utterances: Iterable[Utterance]) -> dict[str, list[str]]:
    ids = defaultdict(list)
    for utterance in utterances:
        ids[utterance.emotion].append(utterance.id)
    return ids
