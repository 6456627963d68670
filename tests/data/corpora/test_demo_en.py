from collections.abc import Callable

from mdat_data import Utterance
from mdat_data.corpus import Corpus


def test_values(toy: Callable[[str], Corpus]) -> None:
    corpus = toy("demo-en")
    assert len(corpus.utterances) == 160
    assert corpus.utterances[-3] == Utterance(
        id="m4_sad_3",
        audio=corpus.root / "m4_sad_3.wav",
        transcript="We will meet again tomorrow.",
        emotion="sad",
        speaker="m4",
        group="m4",
        language="en",
        sex="male",
    )
