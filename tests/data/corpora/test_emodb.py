from collections.abc import Callable
from pathlib import Path

import pytest
from toy_corpora import write_emodb, write_wav

from mdat_data import Utterance
from mdat_data.corpora import read_corpus
from mdat_data.corpus import FOREIGN, Corpus


def test_values(toy: Callable[[str], Corpus]) -> None:
    corpus = toy("emodb")
    assert len(corpus.utterances) == 35
    assert corpus.utterances[-1] == Utterance(
        id="10b02Wa",
        audio=corpus.root / "wav/10b02Wa.wav",
        transcript="Sie haben es gerade hochgetragen und jetzt gehen sie wieder runter.",
        emotion="angry",
        speaker="10",
        group="10",
        language="de",
        sex="male",
        sentence="b02",
    )


@pytest.mark.parametrize("name", ["._03a01Fa.wav", "03a03Fa.wav", "03a01Xa.wav", "notes.wav"])
def test_foreign_files_are_counted(name: str, tmp_path: Path) -> None:
    write_emodb(tmp_path)
    write_wav(tmp_path / "wav" / name, "sad")
    assert read_corpus("emodb", tmp_path).left_out == {FOREIGN: 1}
