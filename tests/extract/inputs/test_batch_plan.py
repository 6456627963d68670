import numpy as np
import pytest

from mdat_extract.inputs.batch_plan import plan_batches

RNG = np.random.default_rng(1)
SAMPLES = RNG.integers(400, 100_000, 200).tolist()
IDS = [f"u{number:03d}" for number in RNG.permutation(200)]


@pytest.fixture
def plan() -> list[list[int]]:
    return plan_batches(SAMPLES, IDS, max_samples=200_000)


def test_every_utterance_is_in_one_batch(plan: list[list[int]]) -> None:
    assert sorted(index for batch in plan for index in batch) == list(range(200))


def test_no_padded_batch_is_longer_than_allowed(plan: list[list[int]]) -> None:
    assert max(max(SAMPLES[i] for i in batch) * len(batch) for batch in plan) <= 200_000


def test_the_longest_come_first(plan: list[list[int]]) -> None:
    lengths = [SAMPLES[index] for batch in plan for index in batch]
    assert lengths == sorted(lengths, reverse=True)


def test_the_order_of_the_corpus_has_no_effect(plan: list[list[int]]) -> None:
    order = np.random.default_rng(2).permutation(200)
    other = plan_batches([SAMPLES[i] for i in order], [IDS[i] for i in order], max_samples=200_000)
    assert [[IDS[order[i]] for i in batch] for batch in other] == [
        [IDS[i] for i in batch] for batch in plan
    ]


def test_ids_order_utterances_of_equal_length() -> None:
    assert plan_batches([5, 5, 5], ["c", "a", "b"], max_samples=10) == [[1, 2], [0]]


def test_an_utterance_that_is_too_long_is_a_batch_by_itself() -> None:
    assert plan_batches([50, 5], ["a", "b"], max_samples=10) == [[0], [1]]
