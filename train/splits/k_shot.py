"""Splits of k-shot: the support set that a model adapts with, and the query set that tests it."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import compress

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from mdat_data.errors import InputError
from mdat_data.splits.split import Split
from mdat_data.utterance import Utterance
from mdat_train.splits.folds import count_by_group, ids_by_emotion

POOL = 15
"""Number of utterances of each class from which the support is drawn: the paper's largest k. All
others are the query set, so it is the same for every k up to this one."""

KEPT = 256
"""Choices of groups that are kept."""

Seed = int | tuple[int, ...]


def k_shot(utterances: Sequence[Utterance], *, shots: int, seed: Seed, pool: int = POOL) -> Split:
    """Draw support and query at random.

    A pool of `max(pool, shots)` utterances per emotion is drawn. The support set is the first
    `shots` of each emotion, so that support sets are nested (5 in 10 in 15). The query set is all
    that is outside the pool: the same for every number of shots up to the size of the pool.
    Speakers are on both sides.

    Args:
        utterances: The target corpus.
        shots: Utterances per emotion of the support set.
        seed: Decides the draw.
        pool: Utterances per emotion that are never in the query set.

    Returns:
        The support set as `train`, the query set as `test`.

    Raises:
        InputError: An emotion has too few utterances to leave one outside the pool.
    """
    pool = max(pool, shots)
    _refuse_too_few(utterances, pool)
    support, in_pool = _drawn(utterances, shots, pool, seed)
    query = (u.id for u in utterances if u.id not in in_pool)
    return Split(train=tuple(sorted(support)), test=tuple(sorted(query)))


def k_shot_by_group(
    utterances: Sequence[Utterance], *, shots: int, seed: Seed, pool: int = POOL
) -> Split:
    """Draw support and query from different groups, so that the test is speaker-independent.

    The groups of the support are drawn first: the fewest whose utterances fill a pool of
    `max(pool, shots)` per emotion and leave every emotion in the other groups. The pool is drawn
    from these groups, and the support set is its first `shots` utterances per emotion. The query
    set is all utterances of the other groups.

    Args:
        utterances: The target corpus.
        shots: Utterances per emotion of the support set.
        seed: Decides the draw, also of the groups where several sets of the same size are possible.
        pool: Lowest number of utterances per emotion in the groups of the support.

    Returns:
        The support set as `train`, the query set as `test`.

    Raises:
        InputError: An emotion has too few utterances, or no set of groups fills the pool and
            leaves every emotion for the query set.
    """
    pool = max(pool, shots)
    _refuse_too_few(utterances, pool)
    groups = _fewest_groups(utterances, pool, seed)
    inside = [u for u in utterances if u.group in groups]
    support, _ = _drawn(inside, shots, pool, seed)
    query = (u.id for u in utterances if u.group not in groups)
    return Split(train=tuple(sorted(support)), test=tuple(sorted(query)))


def _refuse_too_few(utterances: Sequence[Utterance], pool: int) -> None:
    for emotion, ids in sorted(ids_by_emotion(utterances).items()):
        if len(ids) <= pool:
            raise InputError(
                f"--shots needs a pool of {pool} utterances of each emotion of the target (the "
                f"largest number of shots, at least {POOL}), and one more to test on; {emotion} "
                f"has {len(ids)}. Use fewer --shots, leave the emotion out of --classes, or record "
                "more."
            )


def _drawn(
    utterances: Sequence[Utterance], shots: int, pool: int, seed: Seed
) -> tuple[set[str], set[str]]:
    """Ids of the support set and of the pool that holds it."""
    rng = np.random.default_rng(seed)
    support: set[str] = set()
    in_pool: set[str] = set()
    for _, ids in sorted(ids_by_emotion(utterances).items()):
        order = [ids[i] for i in rng.permutation(len(ids))]
        support.update(order[:shots])
        in_pool.update(order[:pool])
    return support, in_pool


def _fewest_groups(utterances: Sequence[Utterance], pool: int, seed: Seed) -> set[str]:
    """The fewest groups that fill a pool of every emotion and leave every emotion elsewhere."""
    groups = sorted({u.group for u in utterances})
    taken = _fewest(tuple(map(tuple, count_by_group(utterances, groups).tolist())), pool, seed)
    if taken is None:
        raise InputError(
            f"--split group needs support and query from different groups (speakers or sessions), "
            f"but no choice among the {len(groups)} groups of the target has {pool} utterances of "
            f"each emotion (the largest number of shots, at least {POOL}) and leaves every emotion "
            "in other groups. Use --split random, whose scores then reward recognising the "
            "speaker, or fewer --classes."
        )
    return set(compress(groups, taken))


@lru_cache(KEPT)
def _fewest(counts: tuple[tuple[int, ...], ...], pool: int, seed: Seed) -> tuple[bool, ...] | None:
    """Which groups are taken, by the utterances of each emotion that each has; None if none can be.

    A choice takes 40 ms, and is the same for every number of shots and every model.
    """
    table = np.array(counts)
    # The random parts sum to less than one group: they decide between sets of the same size.
    cost = 1 + np.random.default_rng(seed).random(len(table)) / (len(table) + 1)
    found = milp(
        cost,
        integrality=1,
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(table.T, pool, table.sum(axis=0) - 1),
    )
    return None if found.x is None else tuple((found.x > 0.5).tolist())
