"""How emotions and measures are spread."""

from collections import Counter

from toy_items import item

from mdat_audit.overview.spread import (
    Spread,
    emotions_by_part,
    emotions_by_speaker,
    spread_by_emotion,
)
from mdat_data.splits.split import Split

ITEMS = [
    item("a", "sad", "s2", duration=1.0),
    item("b", "sad", "s1", duration=2.0),
    item("c", "sad", "s1", duration=3.0),
    item("d", None, "s1", duration=9.0),
]
UTTERANCES = [each.utterance for each in ITEMS]


def test_emotions_are_counted_by_speaker_and_unlabelled_ones_too():
    counts = emotions_by_speaker(UTTERANCES)
    assert [*counts.items()] == [("s1", {"sad": 2, "unlabelled": 1}), ("s2", {"sad": 1})]


def test_emotions_are_counted_by_part():
    counts = emotions_by_part({"fold 1": Split(train=("a", "d"), test=("b", "c"))}, UTTERANCES)
    assert counts == {
        ("fold 1", "train"): Counter(sad=1, unlabelled=1),
        ("fold 1", "test"): Counter(sad=2),
    }


def test_measures_have_their_quartiles():
    spread = spread_by_emotion(ITEMS)
    assert spread["duration"]["sad"] == Spread(low=1.5, median=2.0, high=2.5)
    assert spread["rate"]["unlabelled"] == Spread(low=16000, median=16000, high=16000)


def test_without_all_recordings_only_the_duration_is_known():
    assert [*spread_by_emotion([*ITEMS, item("e", "sad", "s1", measures=None)])] == ["duration"]
