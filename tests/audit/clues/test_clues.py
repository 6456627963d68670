"""Every clue is found where it is, and only there."""

from dataclasses import replace

import pytest
from toy_items import EMOTIONS, MEASURES, balanced, item

from mdat_audit.clues.clues import MEASURES as CLUES
from mdat_audit.clues.clues import find_clues
from mdat_audit.clues.ways import APART, GIVEN, RANDOM
from mdat_audit.inputs.item import silent
from mdat_data.splits.split import Split

ITEMS = balanced(speakers=8, clips=4)


def found(items, splits=None):
    clues = find_clues(items, splits or {}, seed=0, progress=silent)
    return {clue.name: clue for clue in clues}


def told(clues, way):
    return {name for name, clue in clues.items() if way in clue.emotion and clue.emotion[way].tells}


def measured(items, name, number):
    """The items with a measure that is a function of the item."""
    return [replace(i, measures=replace(i.measures, **{name: number(i)})) for i in items]


def test_a_corpus_without_clues_tells_nothing():
    clues = found(ITEMS)
    assert [*clues] == ["speaker", "sentence", *CLUES]
    assert not told(clues, RANDOM) | told(clues, APART)
    assert clues["sampling rate"].reason == "the same in all recordings"


@pytest.mark.parametrize(
    ("measure", "clues"),
    [
        ("offset", {"DC offset", "recording conditions"}),
        ("bandwidth", {"bandwidth", "recording conditions"}),
        ("rate", {"sampling rate", "recording conditions"}),
        ("peak", {"loudness"}),
        ("after", {"silence"}),
    ],
)
def test_a_measure_that_shows_the_emotion_is_found(measure, clues):
    items = measured(ITEMS, measure, lambda i: float(EMOTIONS.index(i.utterance.emotion)))
    guessed = found(items)
    assert told(guessed, RANDOM) == told(guessed, APART) == clues


def test_a_microphone_that_shows_the_speaker_tells_the_emotion_only_where_speakers_are_divided():
    """As in URDU: each speaker has one emotion and one offset."""
    items = [
        item(f"{n}-{clip}", EMOTIONS[n % 3], f"s{n}", measures=replace(MEASURES, offset=float(n)))
        for n in range(12)
        for clip in range(6)
    ]
    clues = found(items)
    assert {"speaker", "DC offset"} <= told(clues, RANDOM)
    assert not told(clues, APART)
    assert APART not in clues["speaker"].emotion
    assert clues["DC offset"].speaker.ua > 0.9
    assert clues["DC offset"].speaker.chance == pytest.approx(1 / 12)


def test_durations_and_sentences_that_show_the_emotion_are_found():
    items = [
        replace(
            i,
            duration=1.0 + EMOTIONS.index(i.utterance.emotion),
            utterance=replace(i.utterance, transcript=f"I am {i.utterance.emotion}"),
        )
        for i in ITEMS
    ]
    assert told(found(items), APART) == {"duration", "sentence"}


def test_the_given_split_is_tried_as_it_is():
    test = tuple(i.utterance.id for i in ITEMS if i.utterance.speaker in ("s0", "s1"))
    train = tuple(i.utterance.id for i in ITEMS if i.utterance.id not in test)
    clues = found(ITEMS, {"split": Split(train=train[1:], validation=train[:1], test=test)})
    assert {clue.emotion[GIVEN].utterances for clue in clues.values() if clue.emotion} == {24}


def test_several_corpora_are_a_clue_of_their_own():
    items = [replace(i, corpus=f"of {i.utterance.emotion}") for i in ITEMS]
    assert told(found(items), APART) == {"corpus"}


def test_what_is_unknown_is_named():
    items = [
        replace(i, measures=None, utterance=replace(i.utterance, transcript="")) for i in ITEMS
    ]
    reasons = {name: clue.reason for name, clue in found(items).items() if clue.reason}
    assert reasons == {"sentence": "neither sentences nor transcripts"} | dict.fromkeys(
        [*CLUES][1:], "recordings not read"
    )


def test_sentences_are_known_by_their_names_where_there_are_no_transcripts():
    items = [
        replace(
            i,
            utterance=replace(i.utterance, transcript="", sentence=f"{i.utterance.emotion} 1"),
        )
        for i in ITEMS
    ]
    assert told(found(items), APART) == {"sentence"}


def test_unlabelled_and_rare_emotions_play_no_part():
    items = [*ITEMS, item("x", None, "s0"), *(item(f"y{n}", "rare", "s1") for n in range(4))]
    clues = found(items)
    assert clues["duration"].emotion[RANDOM].chance == pytest.approx(1 / 3)
    assert clues["duration"].emotion[RANDOM].utterances == len(ITEMS)


def test_one_emotion_cannot_be_guessed():
    assert found([i for i in ITEMS if i.utterance.emotion == "sad"]) == {}


def test_one_speaker_has_no_folds_apart():
    items = [replace(i, utterance=replace(i.utterance, speaker="s", group="s")) for i in ITEMS]
    clues = found(items)
    assert [*clues["duration"].emotion] == [RANDOM]
    assert clues["speaker"].reason == "the same in all recordings"
    assert clues["duration"].speaker is None
