"""The corpora themselves, where they are at hand."""

import os
from collections import Counter
from pathlib import Path

import pytest

from mdat_data import EMOTIONS
from mdat_data.corpora import read_corpus

CORPORA = Path(
    os.environ.get("MDAT_TEST_CORPORA", Path(__file__).parents[4] / "shared" / "corpora")
)
ACTED = ("angry", "happy", "neutral", "sad")


@pytest.mark.parametrize(
    ("name", "emotions", "counts", "speakers", "women"),
    [
        ("emodb", ACTED, (127, 71, 79, 62), 10, 5),
        ("emovo", EMOTIONS[:7], (84,) * 7, 6, 3),
        ("iemocap", (*ACTED, "excited"), (1103, 595, 1708, 1084, 1041), 10, 5),
        ("nemo", ACTED, (259, 261, 261, 260), 9, 4),
        ("urdu", EMOTIONS, (100, 100, 100, 100, *(0,) * (len(EMOTIONS) - 4)), 29, 11),
    ],
)
def test_published_counts(
    name: str, emotions: tuple[str, ...], counts: tuple[int, ...], speakers: int, women: int
) -> None:
    if not (CORPORA / name).is_dir():
        pytest.skip(f"{name} is not in {CORPORA}; MDAT_TEST_CORPORA names the folder of corpora")
    corpus = read_corpus(name, CORPORA / name)
    found = Counter(utterance.emotion for utterance in corpus.utterances)
    assert tuple(found[emotion] for emotion in emotions) == counts
    sexes = {(utterance.speaker, utterance.sex) for utterance in corpus.utterances}
    assert len({speaker for speaker, _ in sexes}) == speakers
    assert Counter(sex for _, sex in sexes) == {"female": women, "male": speakers - women}
