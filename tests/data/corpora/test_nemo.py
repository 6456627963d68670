from collections.abc import Callable
from pathlib import Path

import pytest
from toy_corpora import NEMO_HEADER, write_nemo, write_wav

from mdat_data import InputError, Utterance
from mdat_data.corpora import read_corpus
from mdat_data.corpus import FOREIGN, Corpus


def test_values(toy: Callable[[str], Corpus]) -> None:
    corpus = toy("nemo")
    assert len(corpus.utterances) == 34
    by_id = {utterance.id: utterance for utterance in corpus.utterances}
    assert by_id["MP0_sadness_2"] == Utterance(
        id="MP0_sadness_2",
        audio=corpus.root / "samples/MP0_sadness_2.flac",
        transcript='"2" mówi.',
        emotion="sad",
        speaker="MP0",
        group="MP0",
        language="pl",
        sex="male",
    )
    assert by_id["EB0_fear_3"].audio.name == "EB0_fear_3.wav"


def test_what_is_only_in_the_table_or_only_in_the_folder_is_counted(tmp_path: Path) -> None:
    write_nemo(tmp_path)
    (tmp_path / "samples/EB0_fear_3.wav").unlink()
    write_wav(tmp_path / "samples/other.wav", "sad")
    with (tmp_path / "data.tsv").open("a", encoding="utf-8") as table:
        table.write("KD0_disgust_1.wav\tdisgust\tNie.\tnie\tKD0\tfemale\t28\n")
    write_wav(tmp_path / "samples/KD0_disgust_1.wav", "disgust")
    assert read_corpus("nemo", tmp_path).left_out == {
        "in data.tsv, but not in samples": 1,
        "label disgust": 1,
        FOREIGN: 1,
    }


def test_recordings_without_their_table_are_refused(tmp_path: Path) -> None:
    write_nemo(tmp_path)
    (tmp_path / "data.tsv").unlink()
    with pytest.raises(InputError, match=r"data\.tsv: expected a table"):
        read_corpus("nemo", tmp_path)
    with pytest.raises(InputError, match="expected the recordings of nemo in "):
        read_corpus("nemo", tmp_path / "elsewhere")


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    write_nemo(tmp_path)
    (tmp_path / "data.tsv").write_text(
        NEMO_HEADER.replace("speaker_id", "speaker"), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"data\.tsv.*speaker_id"):
        read_corpus("nemo", tmp_path)
