"""Who is in which part."""

from collections import Counter

import numpy as np
import pytest
from toy_features import CLASSES, utterance, utterances

from mdat_data import InputError, Utterance
from mdat_data.splits import Split, by_group, k_shot, k_shot_by_group, stratified, with_validation

UNEVEN = tuple(
    utterance(f"s{speaker}-{emotion}-{clip}", emotion, f"s{speaker}")
    for speaker in range(9)
    for number, emotion in enumerate(CLASSES)
    for clip in range((speaker * 5 + number * 3) % 7)
)
"""Speakers with few clips and many, some without an emotion."""


def ids(of: tuple[Utterance, ...]) -> list[str]:
    return sorted(u.id for u in of)


def groups(part: tuple[str, ...], of: tuple[Utterance, ...]) -> set[str]:
    return {u.group for u in of if u.id in part}


def emotions(part: tuple[str, ...], of: tuple[Utterance, ...]) -> Counter[str]:
    return Counter(u.emotion for u in of if u.id in part)


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"train": ("a", "b"), "test": ("b",)}, "b and 0 more stand in both train and test"),
        ({"train": ("a", "b"), "validation": ("b", "a")}, "a and 1 more .* train and validation"),
        ({"train": ("c",), "test": ("a",), "validation": ("a",)}, "both test and validation"),
    ],
)
def test_split_refuses_overlap(parts, named):
    with pytest.raises(ValueError, match=named):
        Split(**parts)


@pytest.mark.parametrize("divide", [by_group, stratified])
@pytest.mark.parametrize("seed", range(3))
def test_folds_test_every_utterance_once_and_learn_from_the_rest(divide, seed):
    splits = divide(UNEVEN, folds=4, seed=seed)
    assert len(splits) == 4
    assert sorted(id for split in splits for id in split.test) == ids(UNEVEN)
    assert all(sorted(split.train + split.test) == ids(UNEVEN) for split in splits)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("folds", [2, 5, 9])
def test_by_group_never_divides_a_group(folds, seed):
    splits = by_group(UNEVEN, folds=folds, seed=seed)
    assert not any(groups(s.train, UNEVEN) & groups(s.test, UNEVEN) for s in splits)
    assert all(split.test for split in splits)


@pytest.mark.parametrize("seed", range(5))
def test_as_many_folds_as_groups_hold_each_out_once(seed):
    splits = by_group(UNEVEN, folds=9, seed=seed)
    held_out = sorted(sorted(groups(split.test, UNEVEN)) for split in splits)
    assert held_out == [[f"s{i}"] for i in range(9)]


def test_by_group_divides_by_group_not_by_speaker():
    of = tuple(
        utterance(f"{speaker}{emotion}", emotion, speaker, group=f"session {i // 2}")
        for i, speaker in enumerate("abcdefgh")
        for emotion in CLASSES
    )
    splits = by_group(of, folds=4, seed=0)
    assert [len(groups(split.test, of)) for split in splits] == [1, 1, 1, 1]
    assert [len(split.test) for split in splits] == [8, 8, 8, 8]


@pytest.mark.parametrize("divide", [by_group, stratified])
def test_folds_are_those_of_their_seed(divide):
    assert divide(UNEVEN, folds=3, seed=1) == divide(UNEVEN, folds=3, seed=1)
    assert divide(UNEVEN, folds=3, seed=1) != divide(UNEVEN, folds=3, seed=2)


def test_stratified_gives_every_fold_the_same_share():
    of = utterances(speakers=5, clips=3) + utterances(speakers=5, clips=6, classes=("fear",))
    shares = [emotions(split.test, of) for split in stratified(of, folds=5, seed=0)]
    assert shares == [dict.fromkeys(CLASSES, 3) | {"fear": 6}] * 5


def test_by_group_with_fewer_groups_than_folds():
    with pytest.raises(InputError, match="at least 5 groups .* there are 2: s0, s1. Use fewer"):
        by_group(utterances(speakers=2, clips=9), folds=5, seed=0)


def test_by_group_of_one_speaker():
    with pytest.raises(InputError, match=r"there are 1: s0.*--split random"):
        by_group(utterances(speakers=1, clips=9), folds=2, seed=0)


def test_by_group_takes_an_emotion_rarer_than_folds():
    of = utterances(speakers=6, clips=1) + (utterance("rare", "fear", "s0"),)
    splits = by_group(of, folds=5, seed=0)
    assert sum("rare" in split.test for split in splits) == 1


def test_stratified_with_fewer_utterances_of_an_emotion_than_folds():
    of = utterances(speakers=6, clips=1) + (utterance("rare", "fear", "s0"),)
    with pytest.raises(InputError, match="but fear has 1. Use fewer --folds or other --classes"):
        stratified(of, folds=5, seed=0)


MANY = utterances(speakers=8, clips=3)
"""24 clips of each emotion."""


@pytest.mark.parametrize("shots", [0, 1, 5, 15])
@pytest.mark.parametrize("seed", range(3))
def test_k_shot_draws_so_many_clips_of_each_emotion(shots, seed):
    split = k_shot(MANY, shots=shots, seed=seed)
    assert emotions(split.train, MANY) == Counter(dict.fromkeys(CLASSES, shots))
    assert emotions(split.test, MANY) == Counter(dict.fromkeys(CLASSES, 24 - 15))
    assert not set(split.train) & set(split.test)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("fewer", "more"), [(5, 10), (10, 15)])
def test_supports_are_nested_and_queries_the_same(fewer, more, seed):
    small, large = (k_shot(MANY, shots=shots, seed=seed) for shots in (fewer, more))
    assert set(small.train) < set(large.train)
    assert small.test == large.test == k_shot(MANY, shots=0, seed=seed).test


@pytest.mark.parametrize("shots", [0, 5, 20])
def test_more_shots_than_the_pool_widen_it_for_all(shots):
    split = k_shot(MANY, shots=shots, seed=0, pool=20)
    assert split.test == k_shot(MANY, shots=20, seed=0).test
    assert len(split.test) == 4 * (24 - 20)


def test_k_shot_is_that_of_its_seed():
    assert k_shot(MANY, shots=5, seed=3) == k_shot(MANY, shots=5, seed=3)
    assert k_shot(MANY, shots=5, seed=3) != k_shot(MANY, shots=5, seed=4)


def test_k_shot_draws_every_clip_equally_often():
    of = utterances(speakers=4, clips=5, classes=("angry", "sad"))
    drawn = Counter(id for seed in range(400) for id in k_shot(of, shots=5, seed=seed).train)
    # 400 draws of 5 in 20: each clip 100 times, with a standard deviation of 8.7.
    assert len(drawn) == 40
    np.testing.assert_allclose(list(drawn.values()), 100, atol=35)


@pytest.mark.parametrize(
    ("shots", "pool", "sizes"), [(5, 15, 15), (24, 15, 24), (100, 15, 24), (0, 30, 24)]
)
def test_k_shot_of_too_small_a_class(shots, pool, sizes):
    of = MANY[: 4 * 24] + tuple(utterance(f"f{i}", "fear", "s0") for i in range(sizes))
    with pytest.raises(InputError, match=f"a pool of {max(shots, pool)} clips .* has {sizes}. Use"):
        k_shot(of, shots=shots, seed=0, pool=pool)


@pytest.mark.parametrize("shots", [0, 5, 15])
@pytest.mark.parametrize("seed", range(4))
def test_k_shot_by_group_keeps_support_and_query_speakers_apart(shots, seed):
    split = k_shot_by_group(MANY, shots=shots, seed=seed)
    assert emotions(split.train, MANY) == Counter(dict.fromkeys(CLASSES, shots))
    assert not groups(split.train, MANY) & groups(split.test, MANY)
    # Five speakers have fifteen clips of each emotion, four have twelve.
    assert emotions(split.test, MANY) == Counter(dict.fromkeys(CLASSES, 3 * 3))


@pytest.mark.parametrize("seed", range(3))
def test_supports_by_group_are_nested_and_queries_the_same(seed):
    small, large = (k_shot_by_group(MANY, shots=shots, seed=seed) for shots in (5, 10))
    assert set(small.train) < set(large.train)
    assert small.test == large.test


def test_the_seed_decides_whose_clips_are_learned_from():
    queries = {k_shot_by_group(MANY, shots=5, seed=seed).test for seed in range(20)}
    assert len(queries) > 10
    assert k_shot_by_group(MANY, shots=5, seed=3) == k_shot_by_group(MANY, shots=5, seed=3)


@pytest.mark.parametrize("seed", range(4))
def test_the_fewest_groups_fill_the_pool(seed):
    # One speaker alone fills the pool of both emotions; any others take more.
    of = utterances(speakers=10, clips=4, classes=("angry", "sad"))
    of += tuple(utterance(f"{e}{i}", e, "rich") for e in ("angry", "sad") for i in range(15))
    split = k_shot_by_group(of, shots=5, seed=seed)
    assert groups(split.train, of) == {"rich"}
    assert len(groups(split.test, of)) == 10


@pytest.mark.parametrize("draw", [k_shot, k_shot_by_group])
def test_an_emotion_with_too_few_clips_is_named(draw):
    with pytest.raises(InputError, match="a pool of 15 clips .* angry has 8. Use fewer"):
        draw(utterances(speakers=8, clips=1), shots=5, seed=0)


APART = {
    "one speaker": utterances(speakers=1, clips=40),
    "an emotion of one speaker": utterances(speakers=8, clips=3)
    + tuple(utterance(f"f{i}", "fear", "s0") for i in range(40)),
}


@pytest.mark.parametrize("of", APART.values(), ids=APART)
def test_k_shot_by_group_that_is_impossible_says_so(of):
    with pytest.raises(
        InputError, match=r"no choice among the \d groups .* has 15 clips .* random"
    ):
        k_shot_by_group(of, shots=5, seed=0)


@pytest.mark.parametrize("seed", range(4))
def test_validation_takes_whole_groups_and_every_emotion(seed):
    of = utterances(speakers=10, clips=2)
    whole = Split(train=tuple(u.id for u in of if u.speaker != "s0"), test=("s0-sad-0",))
    split = with_validation(whole, of, seed=seed)
    assert sorted(split.train + split.validation) == sorted(whole.train)
    assert split.test == whole.test
    assert not groups(split.train, of) & groups(split.validation, of)
    assert set(emotions(split.train, of)) == set(emotions(split.validation, of)) == set(CLASSES)
    assert len(groups(split.validation, of)) in (1, 2)


def test_validation_is_that_of_its_seed():
    whole = Split(train=tuple(ids(UNEVEN)))
    first, again, other = (with_validation(whole, UNEVEN, seed=seed) for seed in (0, 0, 1))
    assert first == again != other


IMPOSSIBLE = {
    "one group": utterances(speakers=1, clips=5),
    "speakers with a single emotion": tuple(
        utterance(f"s{i}-{clip}", CLASSES[i], f"s{i}") for i in range(4) for clip in range(6)
    ),
    "an emotion of one speaker": utterances(speakers=5, clips=2)
    + tuple(utterance(f"f{i}", "fear", "s0") for i in range(6)),
    "an emotion of one clip": utterances(speakers=5, clips=2) + (utterance("f", "fear", "s0"),),
    "one clip of each emotion": utterances(speakers=1, clips=1),
}


@pytest.mark.parametrize("of", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_validation_leaves_alone_what_it_cannot_divide(of):
    whole = Split(train=tuple(ids(of)))
    assert with_validation(whole, of, seed=0) == whole
