from collections.abc import Callable
from pathlib import Path

import pytest
from toy_corpora import write_emovo, write_wav

from mdat_data import Utterance
from mdat_data.corpora import read_corpus
from mdat_data.corpus import FOREIGN, Corpus


def test_values(toy: Callable[[str], Corpus]) -> None:
    corpus = toy("emovo")
    assert len(corpus.utterances) == 35
    assert corpus.utterances[-1] == Utterance(
        id="tri-m2-n4",
        audio=corpus.root / "m2/tri-m2-n4.wav",
        transcript="Insalata pastasciutta coscia d’agnello limoncello.",
        emotion="sad",
        speaker="m2",
        group="m2",
        language="it",
        sex="male",
        sentence="n4",
    )


@pytest.mark.parametrize("name", ["dis-f2-b1.wav", "dis-f1-b9.wav", "xyz-f1-b1.WAV"])
def test_foreign_files_are_counted(name: str, tmp_path: Path) -> None:
    write_emovo(tmp_path)
    write_wav(tmp_path / "f1" / name, "sad")
    assert read_corpus("emovo", tmp_path).left_out == {FOREIGN: 1}
