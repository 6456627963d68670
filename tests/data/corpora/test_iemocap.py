from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from toy_corpora import write_iemocap

from mdat_data import InputError, Utterance
from mdat_data.corpora import read_corpus
from mdat_data.corpus import Corpus


@pytest.fixture
def release(tmp_path: Path) -> Path:
    write_iemocap(tmp_path)
    return tmp_path / "IEMOCAP_full_release"


def test_values(toy: Callable[[str], Corpus]) -> None:
    corpus = toy("iemocap")
    wav = corpus.root / "IEMOCAP_full_release/Session1/sentences/wav"
    assert len(corpus.utterances) == 87
    assert corpus.utterances[4] == Utterance(
        id="Ses01F_impro01_M000",
        audio=wav / "Ses01F_impro01/Ses01F_impro01_M000.wav",
        transcript="Excuse me.",
        emotion="neutral",
        speaker="Ses01M",
        group="Ses01",
        language="en",
        sex="male",
    )


def test_scripted_dialogues_are_read_like_improvised_ones(toy: Callable[[str], Corpus]) -> None:
    corpus = toy("iemocap")
    dialog = "Session5/sentences/wav/Ses05M_script01_1b/Ses05M_script01_1b_F000.wav"
    assert corpus.utterances[-1] == Utterance(
        id="Ses05M_script01_1b_F000",
        audio=corpus.root / "IEMOCAP_full_release" / dialog,
        transcript="Where is it?",
        emotion="neutral",
        speaker="Ses05F",
        group="Ses05",
        language="en",
        sex="female",
    )
    kinds = Counter(each.id.split("_")[1] for each in corpus.utterances)
    assert kinds == {"impro01": 40, "script01": 41, "impro05b": 6}


def test_only_labelled_turns_of_dialogues_are_utterances(toy: Callable[[str], Corpus]) -> None:
    ids = [each.id for each in toy("iemocap").utterances]
    assert [id for id in ids if "XX" in id or id.endswith("F900")] == []
    assert [id for id in ids if id.startswith("Ses01F_impro01")] == [
        f"Ses01F_impro01_{letter}00{number}" for letter in "FM" for number in range(4)
    ]


def test_speakers_come_from_the_turn_not_from_the_markers(toy: Callable[[str], Corpus]) -> None:
    speakers = {
        (each.id[:6], each.id[-4], each.speaker)
        for each in toy("iemocap").utterances
        if each.group == "Ses01"
    }
    assert speakers == {
        ("Ses01F", "F", "Ses01F"),
        ("Ses01F", "M", "Ses01M"),
        ("Ses01M", "F", "Ses01F"),
        ("Ses01M", "M", "Ses01M"),
    }


def test_no_emotion_is_counted(toy: Callable[[str], Corpus]) -> None:
    assert toy("iemocap").left_out == {"label xxx": 1, "label oth": 1}


@pytest.mark.parametrize(
    ("turn", "emotion", "transcript"),
    [
        ("F002", "excited", "He said: now!"),
        ("F003", "frustrated", "caf\ufffd"),
        ("F004", "neutral", "I : so]: what?"),
        ("M000", "surprise", ""),
        ("M001", "fear", "No."),
        ("M002", "disgust", "Yuck."),
    ],
)
def test_oddities(turn: str, emotion: str, transcript: str, toy: Callable[[str], Corpus]) -> None:
    (utterance,) = (
        each for each in toy("iemocap").utterances if each.id == f"Ses01M_impro05b_{turn}"
    )
    assert (utterance.emotion, utterance.transcript) == (emotion, transcript)


def test_root_may_be_the_release_itself(toy: Callable[[str], Corpus]) -> None:
    corpus = toy("iemocap")
    inner = read_corpus("iemocap", corpus.root / "IEMOCAP_full_release")
    assert inner.utterances == corpus.utterances


@pytest.mark.parametrize("folder", ["Session3", "Session3/dialog/EmoEvaluation"])
def test_missing_session_is_reported(folder: str, release: Path) -> None:
    (release / folder).rename(release / "elsewhere")
    assert read_corpus("iemocap", release).left_out["no labels of Session3"] == 1


@pytest.mark.parametrize(
    "file",
    [
        "Session4/sentences/wav/Ses04F_impro01/Ses04F_impro01_M002.wav",
        "Session4/dialog/transcriptions/Ses04F_impro01.txt",
    ],
)
def test_missing_file_is_an_error(file: str, release: Path) -> None:
    (release / file).unlink()
    with pytest.raises(InputError, match=f"{file}.*manifest"):
        read_corpus("iemocap", release)


def test_turn_without_transcript_is_counted(release: Path) -> None:
    (release / "Session4/dialog/transcriptions/Ses04F_impro01.txt").write_text("")
    assert read_corpus("iemocap", release).left_out["no transcript"] == 8
