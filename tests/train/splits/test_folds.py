"""Who is in which fold, and who is in the validation set."""

import pytest
from toy_features import CLASSES, emotions, groups, utterance, utterances

from mdat_data import InputError, Utterance
from mdat_data.splits.split import Split
from mdat_train.splits.folds import (
    by_group,
    count_by_group,
    ids_by_emotion,
    stratified,
    with_validation,
)

UNEVEN = tuple(
    utterance(f"s{speaker}-{emotion}-{clip}", emotion, f"s{speaker}")
    for speaker in range(9)
    for number, emotion in enumerate(CLASSES)
    for clip in range((speaker * 5 + number * 3) % 7)
)
"""Speakers with few utterances and with many, some without an emotion."""


def ids(of: tuple[Utterance, ...]) -> list[str]:
    return sorted(u.id for u in of)


@pytest.mark.parametrize("divide", [by_group, stratified])
@pytest.mark.parametrize("seed", range(3))
def test_folds_test_every_utterance_once_and_train_on_the_others(divide, seed):
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
def test_the_seed_decides_the_folds(divide):
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


def test_the_seed_decides_the_validation_set():
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
    "an emotion of one utterance": utterances(speakers=5, clips=2)
    + (utterance("f", "fear", "s0"),),
    "one utterance of each emotion": utterances(speakers=1, clips=1),
}


@pytest.mark.parametrize("of", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_without_a_possible_validation_set_the_split_is_unchanged(of):
    whole = Split(train=tuple(ids(of)))
    assert with_validation(whole, of, seed=0) == whole


def test_utterances_are_counted_by_group_and_emotion():
    of = utterances(speakers=2, clips=3, classes=("sad", "angry")) + (utterance("f", "fear", "s1"),)
    counts = count_by_group(of, ["s1", "s0"])
    assert counts.tolist() == [[3, 1, 3], [3, 0, 3]]  # angry, fear, sad


def test_ids_by_emotion_keep_the_order_of_the_utterances():
    of = [utterance("b", "sad", "s"), utterance("c", "angry", "s"), utterance("a", "sad", "s")]
    assert ids_by_emotion(of) == {"sad": ["b", "a"], "angry": ["c"]}
