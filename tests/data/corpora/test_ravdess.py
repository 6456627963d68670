from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from toy_corpora import write_wav

from mdat_data import Utterance
from mdat_data.corpora import read_corpus
from mdat_data.corpora.ravdess import LABELS
from mdat_data.corpus import FOREIGN, Corpus


def write_ravdess(root: Path) -> None:
    """Four actors, eight emotions, two sentences."""
    for actor, label, sentence in product(("01", "02", "03", "24"), LABELS, ("01", "02")):
        path = root / f"Actor_{actor}/03-01-{label}-01-{sentence}-01-{actor}.wav"
        write_wav(path, LABELS[label], rate=48000)


def test_values(toy: Callable[[str], Corpus]) -> None:
    corpus = toy("ravdess")
    assert len(corpus.utterances) == 64
    assert corpus.utterances[0] == Utterance(
        id="03-01-01-01-01-01-01",
        audio=corpus.root / "Actor_01/03-01-01-01-01-01-01.wav",
        transcript="Kids are talking by the door.",
        emotion="neutral",
        speaker="01",
        group="01",
        language="en",
    )
    assert corpus.utterances[-1].transcript == "Dogs are sitting by the door."


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("03-02-05-01-01-01-01.wav", "song"),
        ("01-01-05-01-01-01-01.mp4", FOREIGN),
        ("03-01-05-01-01-01-02.wav", FOREIGN),
        ("03-01-09-01-01-01-01.wav", FOREIGN),
    ],
)
def test_other_files_are_counted(name: str, reason: str, tmp_path: Path) -> None:
    write_ravdess(tmp_path)
    write_wav(tmp_path / "Actor_01" / name, "angry")
    assert read_corpus("ravdess", tmp_path).left_out == {reason: 1}
