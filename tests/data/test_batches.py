"""Padding, masks and order."""

import numpy as np
import pytest
from toy_features import CLASSES, SPEECH_DIM, TEXT_DIM, utterance

from mdat_data.batches import batches, shuffled_by_length
from mdat_train.inputs.selection import Selection


def of_lengths(speech: list[int], text: list[int]) -> Selection:
    """Utterances of so many steps; the features of utterance n are n + 1."""
    return Selection(
        classes=CLASSES,
        utterances=tuple(utterance(str(i), "sad", "s") for i in range(len(speech))),
        speech=tuple(np.full((n, SPEECH_DIM), i + 1, np.float16) for i, n in enumerate(speech)),
        text=tuple(np.full((n, TEXT_DIM), i + 1, np.float16) for i, n in enumerate(text)),
    )


def test_padding_and_masks_are_exact():
    toy = of_lengths([3, 17, 1], [9, 2, 1])
    ((rows, inputs),) = batches(toy.streams, [2, 1, 0], size=3)
    assert rows.tolist() == [2, 1, 0]
    assert inputs["speech"].shape == (3, 17, SPEECH_DIM)
    assert inputs["text"].shape == (3, 9, TEXT_DIM)
    assert inputs["speech_mask"].sum(axis=1).tolist() == [1, 17, 3]
    assert inputs["text_mask"].sum(axis=1).tolist() == [1, 2, 9]
    real = np.arange(17) < np.array([1, 17, 3])[:, None]
    np.testing.assert_array_equal(inputs["speech_mask"], real)
    expected = np.where(real, np.array([3, 2, 1])[:, None], 0)
    np.testing.assert_array_equal(inputs["speech"], np.repeat(expected[..., None], 8, axis=2))
    assert inputs["speech"].dtype == np.float32 and inputs["speech_mask"].dtype == bool


def test_each_batch_is_trimmed_to_its_own_longest():
    toy = of_lengths([3, 40, 16, 5, 2], [1, 1, 9, 9, 1])
    shapes = [
        (inputs["speech"].shape[:2], inputs["text"].shape[:2])
        for _, inputs in batches(toy.streams, range(5), size=2)
    ]
    assert shapes == [((2, 40), (2, 1)), ((2, 16), (2, 9)), ((1, 2), (1, 1))]


@pytest.mark.parametrize("size", [1, 4, 16, 200])
@pytest.mark.parametrize("count", [1, 5, 64, 131])
def test_shuffled_covers_every_row_once(count, size):
    lengths = np.random.default_rng(0).integers(1, 50, count).tolist()
    order = shuffled_by_length(
        lengths, np.random.default_rng(0), size=size
    )
    assert sorted(order.tolist()) == list(range(count))


def test_shuffled_changes_with_every_call_and_repeats_with_the_seed():
    lengths = np.random.default_rng(0).integers(1, 50, 100).tolist()
    toy = of_lengths(lengths, lengths)
    rng, again = np.random.default_rng(3), np.random.default_rng(3)
    first, second = (shuffled_by_length(toy.speech_lengths, rng, size=8).tolist() for _ in range(2))
    assert first != second
    assert [first, second] == [
        shuffled_by_length(toy.speech_lengths, again, size=8).tolist() for _ in range(2)
    ]


def test_what_shares_a_batch_changes():
    toy = of_lengths([5] * 64, [3] * 64)
    rng = np.random.default_rng(0)
    first, second = (
        shuffled_by_length(toy.speech_lengths, rng, size=8).reshape(-1, 8) for _ in range(2)
    )
    assert not {frozenset(b) for b in first.tolist()} & {frozenset(b) for b in second.tolist()}


def test_similar_lengths_share_a_batch():
    lengths = np.random.default_rng(0).integers(1, 1000, 640)
    toy = of_lengths(lengths.tolist(), [1] * 640)
    order = shuffled_by_length(toy.speech_lengths, np.random.default_rng(0), size=16)
    spread = np.ptp(lengths[order].reshape(-1, 16), axis=1).mean()
    by_chance = np.ptp(lengths.reshape(-1, 16), axis=1).mean()
    assert spread < by_chance / 3
