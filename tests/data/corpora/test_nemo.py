from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
import soundfile
from toy_corpora import write_wav

from mdat_data import InputError, Utterance
from mdat_data.corpora import read_corpus
from mdat_data.corpus import FOREIGN, Corpus

EMOTIONS = {"anger": "angry", "happiness": "happy", "neutral": "neutral", "sadness": "sad"}
HEADER = "file_id\temotion\traw_text\tnormalized_text\tspeaker_id\tgender\tage\n"


def write_nemo(root: Path) -> None:
    """Four speakers, four emotions, two sentences, one of each other emotion; some are FLAC."""
    said = [*product(("EB0", "KD0", "MP0", "TP0"), EMOTIONS, (1, 2))]
    said += [("EB0", "fear", 3), ("KD0", "surprise", 3)]
    lines = [HEADER]
    for speaker, emotion, sentence in said:
        name = f"{speaker}_{emotion}_{sentence}"
        cells = (
            f"{name}.wav",
            emotion,
            f'"{sentence}" mówi.',
            "mówi",
            f"   {speaker}",
            "male",
            "24",
        )
        lines.append("\t".join(cells) + "\n")
        path = root / f"samples/{name}.wav"
        write_wav(path, EMOTIONS.get(emotion, "other"), rate=24_000)
        if speaker == "MP0":
            samples, rate = soundfile.read(path)
            soundfile.write(path.with_suffix(".flac"), samples, rate)
            path.unlink()
    (root / "data.tsv").write_text("".join(lines), encoding="utf-8")


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
    (tmp_path / "data.tsv").write_text(HEADER.replace("speaker_id", "speaker"), encoding="utf-8")
    with pytest.raises(InputError, match=r"data\.tsv.*speaker_id"):
        read_corpus("nemo", tmp_path)
