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
    assert len(corpus.utterances) == 85
    assert corpus.utterances[4] == Utterance(
        id="Ses01F_impro01_M000",
        audio=wav / "Ses01F_impro01/Ses01F_impro01_M000.wav",
        transcript="Excuse me.",
        emotion="neutral",
        speaker="Ses01M",
        group="Ses01",
        language="en",
    )


def test_no_emotion_is_counted(toy: Callable[[str], Corpus]) -> None:
    assert toy("iemocap").left_out == {"label xxx": 1, "label oth": 1}


@pytest.mark.parametrize(
    ("turn", "emotion", "transcript"),
    [
        ("F002", "excited", "He said: now!"),
        ("F003", "frustrated", "caf\ufffd"),
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
