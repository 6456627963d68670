"""Which few labelled clips of another corpus a model may adapt with, and on which it is tested."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from mdat_data.errors import InputError
from mdat_data.utterance import Utterance
from mdat_train.splits.folds import Split, clips_of, ids_by_emotion

POOL = 15
"""Clips of a class from which the k of k-shot are drawn: the paper's largest k. The queries are all
clips outside the pool, so they are the same for every k up to this."""

Seed = int | tuple[int, ...]


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
    for emotion, ids in sorted(ids_by_emotion(utterances).items()):
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
    for _, ids in sorted(ids_by_emotion(utterances).items()):
        order = [ids[i] for i in rng.permutation(len(ids))]
        support.update(order[:shots])
        in_pool.update(order[:pool])
    return support, in_pool


def _fewest_groups(utterances: Sequence[Utterance], pool: int, seed: Seed) -> set[str]:
    """The fewest groups that hold a pool of every emotion and leave every emotion elsewhere."""
    groups = sorted({u.group for u in utterances})
    clips = clips_of(utterances, groups)
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
