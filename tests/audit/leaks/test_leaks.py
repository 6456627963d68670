"""What parts share, and recordings with two labels."""

from dataclasses import replace

import pytest
from toy_items import balanced, item

from mdat_audit.leaks.leaks import find_leaks
from mdat_data.splits.split import Split

ITEMS = balanced()


def by_speaker(tested, items=ITEMS):
    """A split whose test set has some speakers."""
    return Split(
        train=tuple(i.utterance.id for i in items if i.utterance.speaker not in tested),
        test=tuple(i.utterance.id for i in items if i.utterance.speaker in tested),
    )


def test_a_split_that_keeps_everything_apart_has_no_leak():
    assert find_leaks(ITEMS, {"split": by_speaker({"s0"})}) == ()


def test_without_a_split_nothing_is_on_both_sides():
    assert find_leaks(ITEMS, {}) == ()


def test_speakers_on_both_sides_are_found_over_all_folds():
    divided = Split(train=("s0-sad-0", "s1-sad-0"), test=("s0-sad-1", "s2-sad-0"))
    other = Split(train=("s3-sad-0",), test=("s3-sad-1",))
    (found,) = find_leaks(ITEMS, {"a": by_speaker({"s0"}), "b": divided, "c": other})
    assert found.text.startswith("in 2 of 3 folds; b: 1 of 2 test speakers are in the training set")
    assert (found.check, found.examples) == ("speakers", ("s0", "s3"))


def test_the_same_audio_on_both_sides_is_found_though_speakers_are_apart():
    items = [replace(i, fingerprint=i.fingerprint.replace("s1-", "s0-")) for i in ITEMS]
    (found,) = find_leaks(items, {"split": by_speaker({"s0"}, items)})
    assert found.text == "9 of 9 test recordings are in the training set too, sample for sample"
    assert found.check == "audio"
    assert found.examples[0] == "s0-angry-0 = s1-angry-0"


def test_copies_on_one_side_are_no_leak_of_the_split():
    items = [replace(i, fingerprint=i.fingerprint.replace("s1-", "s0-")) for i in ITEMS]
    assert find_leaks(items, {"split": by_speaker({"s0", "s1"}, items)}) == ()


@pytest.mark.parametrize("splits", [{}, {"split": by_speaker({"s0"})}])
def test_a_recording_with_two_emotions_is_found_with_or_without_a_split(splits):
    items = [*ITEMS, item("copy", "sad", "s3", fingerprint="s4-happy-0")]
    (found,) = find_leaks(items, splits)
    assert found.check == "labels"
    assert found.examples == ("s4-happy-0 happy, copy sad",)
    unlabelled = [*ITEMS, item("copy", None, "s3", fingerprint="s4-happy-0")]
    assert find_leaks(unlabelled, splits) == ()


def test_sentences_that_tell_the_emotion_are_a_leak():
    items = [
        replace(i, utterance=replace(i.utterance, transcript=f"I am {i.utterance.emotion}"))
        for i in ITEMS
    ]
    (found,) = find_leaks(items, {"split": by_speaker({"s0"}, items)})
    assert found.check == "sentences"
    assert set(found.examples) == {"I am angry", "I am happy", "I am sad"}
