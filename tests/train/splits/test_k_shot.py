"""Support and query sets."""

from collections import Counter

import numpy as np
import pytest
from toy_features import CLASSES, emotions, groups, utterance, utterances

from mdat_data import InputError
from mdat_train.splits import k_shot as module
from mdat_train.splits.k_shot import k_shot, k_shot_by_group

MANY = utterances(speakers=8, clips=3)
"""24 utterances of each emotion."""


@pytest.mark.parametrize("shots", [0, 1, 5, 15])
@pytest.mark.parametrize("seed", range(3))
def test_k_shot_draws_the_number_of_shots_of_each_emotion(shots, seed):
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


def test_k_shot_draws_every_utterance_equally_often():
    of = utterances(speakers=4, clips=5, classes=("angry", "sad"))
    drawn = Counter(id for seed in range(400) for id in k_shot(of, shots=5, seed=seed).train)
    # 400 draws of 5 in 20: each utterance 100 times, with a standard deviation of 8.7.
    assert len(drawn) == 40
    np.testing.assert_allclose(list(drawn.values()), 100, atol=35)


@pytest.mark.parametrize(
    ("shots", "pool", "sizes"), [(5, 15, 15), (24, 15, 24), (100, 15, 24), (0, 30, 24)]
)
def test_k_shot_of_too_small_a_class(shots, pool, sizes):
    of = MANY[: 4 * 24] + tuple(utterance(f"f{i}", "fear", "s0") for i in range(sizes))
    with pytest.raises(
        InputError, match=f"a pool of {max(shots, pool)} utterances .* has {sizes}. Use"
    ):
        k_shot(of, shots=shots, seed=0, pool=pool)


@pytest.mark.parametrize("shots", [0, 5, 15])
@pytest.mark.parametrize("seed", range(4))
def test_k_shot_by_group_keeps_support_and_query_speakers_apart(shots, seed):
    split = k_shot_by_group(MANY, shots=shots, seed=seed)
    assert emotions(split.train, MANY) == Counter(dict.fromkeys(CLASSES, shots))
    assert not groups(split.train, MANY) & groups(split.test, MANY)
    # Five speakers have fifteen utterances of each emotion, four have twelve.
    assert emotions(split.test, MANY) == Counter(dict.fromkeys(CLASSES, 3 * 3))


@pytest.mark.parametrize("seed", range(3))
def test_supports_by_group_are_nested_and_queries_the_same(seed):
    small, large = (k_shot_by_group(MANY, shots=shots, seed=seed) for shots in (5, 10))
    assert set(small.train) < set(large.train)
    assert small.test == large.test


def test_the_seed_decides_the_speakers_of_the_support():
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
def test_an_emotion_with_too_few_utterances_is_named(draw):
    with pytest.raises(InputError, match="a pool of 15 utterances .* angry has 8. Use fewer"):
        draw(utterances(speakers=8, clips=1), shots=5, seed=0)


APART = {
    "one speaker": utterances(speakers=1, clips=40),
    "an emotion of one speaker": utterances(speakers=8, clips=3)
    + tuple(utterance(f"f{i}", "fear", "s0") for i in range(40)),
}


@pytest.mark.parametrize("of", APART.values(), ids=APART)
def test_k_shot_by_group_that_is_impossible_is_refused(of):
    with pytest.raises(
        InputError, match=r"no choice among the \d groups .* has 15 utterances .* random"
    ):
        k_shot_by_group(of, shots=5, seed=0)


def test_the_groups_of_a_draw_are_chosen_once_for_all_numbers_of_shots(monkeypatch):
    chosen = []
    plain = module.milp
    monkeypatch.setattr(module, "milp", lambda *a, **k: chosen.append(a) or plain(*a, **k))
    module._fewest.cache_clear()
    for _ in range(2):  # as for two models
        for shots in (0, 5, 15):
            k_shot_by_group(MANY, shots=shots, seed=(7, 1))
    assert len(chosen) == 1
    k_shot_by_group(MANY, shots=5, seed=(7, 2))
    assert len(chosen) == 2
