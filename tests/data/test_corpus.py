from pathlib import Path

import pytest

from mdat_data import InputError, Utterance
from mdat_data.corpus import Corpus


def test_repeated_id_is_refused() -> None:
    utterance = Utterance(
        id="1", audio=Path("1.wav"), emotion="sad", speaker="x", group="x", language="de"
    )
    with pytest.raises(
        InputError, match="mine: expected one recording for each id, but 1 ids have several: 1"
    ):
        Corpus(
            name="mine",
            language="de",
            root=Path("here"),
            utterances=(utterance, utterance),
            left_out={},
        )
