"""What is doubtful without being a leak."""

from dataclasses import replace

from toy_items import balanced, item

from mdat_audit.leaks.doubtful import find_doubts
from mdat_data.splits.split import Split

ITEMS = balanced()
IDS = tuple(i.utterance.id for i in ITEMS)


def doubts(items, **splits):
    return {found.check: found for found in find_doubts(items, splits)}


def test_a_balanced_corpus_is_not_doubtful():
    assert doubts(ITEMS) == {}
    assert doubts(ITEMS, split=Split(train=IDS[:45], test=IDS[45:])) == {}


def test_classes_that_a_part_lacks_are_named():
    train = tuple(id for id in IDS if "sad" not in id)
    found = doubts(ITEMS, split=Split(train=train[1:], test=("s0-sad-0", train[0])))
    assert found["classes"].examples == ("sad",)
    assert found["untested classes"].examples == ("happy",)


def test_utterances_in_no_part_are_counted():
    found = doubts(ITEMS, split=Split(train=IDS[:40], test=IDS[40:50]))
    assert found["unassigned"].text.startswith("4 of 54 utterances")
    assert found["unassigned"].examples == IDS[50:]


def test_speakers_with_one_emotion_are_named():
    items = [*ITEMS, item("x", "sad", "new"), item("y", "sad", "new")]
    assert doubts(items)["single emotion"].text.startswith("1 of 7 speakers have a single emotion")


def test_an_emotion_of_one_voice_is_named():
    items = [*ITEMS, *(item(f"x{n}", "sad", "s0") for n in range(20))]
    assert doubts(items)["one voice"].examples == ("sad: s0 speaks 23 of 38",)


def test_uneven_emotions_are_named_with_what_the_majority_gives():
    items = [*ITEMS, *(item(f"x{n}", "fear", f"s{n}") for n in range(6))]
    found = doubts(items)["imbalance"]
    assert found.text.startswith(
        "angry has 3.0 times the utterances of fear; always guessing angry"
    )
    assert found.text.endswith("guessing angry has a weighted accuracy of 30%")


def test_copies_are_doubtful_without_a_split():
    items = [*ITEMS, replace(ITEMS[0], utterance=replace(ITEMS[0].utterance, id="copy"))]
    assert doubts(items)["copies"].examples == ("s0-angry-0 = copy",)


def test_words_that_differ_in_spelling_are_named():
    items = [*ITEMS, item("x", "Sad", "S1"), item("y", "happy", "S1")]
    found = doubts(items)
    assert found["spelling of emotions"].examples == ("'Sad' = 'sad'",)
    assert found["spelling of speakers"].examples == ("'S1' = 's1'",)
