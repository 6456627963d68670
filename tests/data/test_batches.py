"""Padding, masks and order."""

import numpy as np
import pytest

from mdat_data.batches import batches, shuffled_by_length

SPEECH_DIM, TEXT_DIM = 8, 4


def streams(speech: list[int], text: list[int]) -> dict[str, list[np.ndarray]]:
    """Utterances with the given numbers of steps; the features of utterance n are n + 1."""
    return {
        "speech": [np.full((n, SPEECH_DIM), i + 1, np.float16) for i, n in enumerate(speech)],
        "text": [np.full((n, TEXT_DIM), i + 1, np.float16) for i, n in enumerate(text)],
    }


def random_lengths(count: int, longest: int) -> list[int]:
    return np.random.default_rng(0).integers(1, longest, count).tolist()


def test_padding_and_masks_are_exact():
    ((rows, inputs),) = batches(streams([3, 17, 1], [9, 2, 1]), [2, 1, 0], size=3)
    assert rows.tolist() == [2, 1, 0]
    assert inputs["speech"].shape == (3, 17, SPEECH_DIM)
    assert inputs["text"].shape == (3, 9, TEXT_DIM)
    assert inputs["speech_mask"].sum(axis=1).tolist() == [1, 17, 3]
    assert inputs["text_mask"].sum(axis=1).tolist() == [1, 2, 9]
    real = np.arange(17) < np.array([1, 17, 3])[:, None]
    np.testing.assert_array_equal(inputs["speech_mask"], real)
    expected = np.where(real, np.array([3, 2, 1])[:, None], 0)
    np.testing.assert_array_equal(
        inputs["speech"], np.repeat(expected[..., None], SPEECH_DIM, axis=2)
    )
    assert inputs["speech"].dtype == np.float32 and inputs["speech_mask"].dtype == bool


def test_each_batch_is_padded_to_its_own_longest_utterance():
    shapes = [
        (inputs["speech"].shape[:2], inputs["text"].shape[:2])
        for _, inputs in batches(streams([3, 40, 16, 5, 2], [1, 1, 9, 9, 1]), range(5), size=2)
    ]
    assert shapes == [((2, 40), (2, 1)), ((2, 16), (2, 9)), ((1, 2), (1, 1))]


def test_a_single_stream_is_batched_alone():
    speech = streams([3, 17], [])["speech"]
    ((_, inputs),) = batches({"speech": speech}, [0, 1], size=2)
    assert inputs.keys() == {"speech", "speech_mask"}


@pytest.mark.parametrize("size", [1, 4, 16, 200])
@pytest.mark.parametrize("count", [1, 5, 64, 131])
def test_shuffling_covers_every_row_once(count, size):
    order = shuffled_by_length(random_lengths(count, 50), np.random.default_rng(0), size=size)
    assert sorted(order.tolist()) == list(range(count))


def test_shuffling_changes_with_every_call_and_repeats_with_the_seed():
    lengths = random_lengths(100, 50)
    rng, again = np.random.default_rng(3), np.random.default_rng(3)
    first, second = (shuffled_by_length(lengths, rng, size=8).tolist() for _ in range(2))
    assert first != second
    assert [first, second] == [
        shuffled_by_length(lengths, again, size=8).tolist() for _ in range(2)
    ]


def test_the_utterances_of_a_batch_change():
    rng = np.random.default_rng(0)
    first, second = (shuffled_by_length([5] * 64, rng, size=8).reshape(-1, 8) for _ in range(2))
    assert not {frozenset(b) for b in first.tolist()} & {frozenset(b) for b in second.tolist()}


def test_utterances_of_similar_length_share_a_batch():
    lengths = np.array(random_lengths(640, 1000))
    order = shuffled_by_length(lengths.tolist(), np.random.default_rng(0), size=16)
    spread = np.ptp(lengths[order].reshape(-1, 16), axis=1).mean()
    by_chance = np.ptp(lengths.reshape(-1, 16), axis=1).mean()
    assert spread < by_chance / 3
