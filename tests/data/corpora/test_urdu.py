from collections.abc import Callable
from pathlib import Path

import pytest
from toy_corpora import write_urdu, write_wav

from mdat_data import Utterance
from mdat_data.corpora import read_corpus
from mdat_data.corpus import FOREIGN, Corpus


def test_values(toy: Callable[[str], Corpus]) -> None:
    corpus = toy("urdu")
    assert len(corpus.utterances) == 32
    assert corpus.utterances[-1] == Utterance(
        id="SM2_F2_S04",
        audio=corpus.root / "Sad/SM2_F2_S04.wav",
        transcript="",
        emotion="sad",
        speaker="SM2",
        group="SM2",
        language="ur",
        sex="male",
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [("SM1_F1.wav", FOREIGN), ("SM1_F1_A01.wav", "letter A in folder Sad")],
)
def test_misnamed_files_are_counted(name: str, reason: str, tmp_path: Path) -> None:
    write_urdu(tmp_path)
    write_wav(tmp_path / "Sad" / name, "sad")
    assert read_corpus("urdu", tmp_path).left_out == {reason: 1}
