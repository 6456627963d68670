"""Words that look alike, and recordings that are there twice, are named."""

from pathlib import Path

import pytest

from mdat_data import Utterance
from mdat_data.doubts import doubts, lookalikes, repeats, single_emotions


def utterance(id: str, emotion: str | None = "sad", speaker: str = "s") -> Utterance:
    return Utterance(
        id=id, audio=Path("a.wav"), emotion=emotion, speaker=speaker, group=speaker, language="de"
    )


@pytest.mark.parametrize(
    ("words", "alike"),
    [
        (["angry", "Angry", "ANGRY", "sad"], ("ANGRY", "Angry", "angry")),
        (["s1 ", "s1"], ("s1", "s1 ")),
        (["Re\u0301mi", "R\u00e9mi"], ("Re\u0301mi", "R\u00e9mi")),
        (["a  b", "a b"], ("a  b", "a b")),
        (["STRASSE", "straße"], ("STRASSE", "straße")),
    ],
)
def test_words_that_look_alike_are_found(words, alike):
    assert lookalikes([*words, "other", "s11"]) == [alike]


def test_recordings_without_a_fingerprint_are_no_copies():
    assert repeats(["", "a", "", "b", "a"]) == [[1, 4]]


def test_a_corpus_without_doubts_has_none():
    assert doubts([utterance("a"), utterance("b", "angry", "t")], ["1", "2"]) == []


def test_doubts_are_named_with_the_way_out():
    of = [
        utterance("a", "angry"),
        utterance("b", "Angry", "S"),
        utterance("c", "angry"),
        utterance("d", "angry\x1b"),
    ]
    emotions, speakers, copies, contradicted = doubts(of, ["1", "2", "2", "1"])
    assert "'Angry' (1) and 'angry' (2). They are different emotions; mdat-train " in emotions
    assert "speakers that differ only in case or spelling: 'S' (1) and 's' (3)." in speakers
    assert (
        "2 recordings are there several times, sample for sample: a = d; b = c. mdat-tr" in copies
    )
    assert "2 of these have several emotions: a angry, d angry\\x1b; b Angry, c angry." in (
        contradicted
    )


def test_speakers_with_a_single_emotion_are_named_and_the_audit_with_them():
    of = [
        *(utterance(f"a{i}", "sad", "a") for i in range(2)),
        *(utterance(f"b{i}", emotion, "b") for i, emotion in enumerate(["sad", "angry"])),
        utterance("c", "angry", "c"),
        *(utterance(f"d{i}", None, "d") for i in range(2)),
    ]
    assert single_emotions(of) == {"a": "sad", "b": None}
    (warning,) = doubts(of, [""] * len(of))
    assert warning.startswith("warning: 1 of 2 speakers have a single emotion: a sad. Recogn")
    assert "mdat-audit" in warning


def test_a_corpus_of_one_emotion_gives_nothing_away():
    assert doubts([utterance("a"), utterance("b")], ["1", "2"]) == []
