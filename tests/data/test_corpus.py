from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mdat_data import InputError, Utterance
from mdat_data.corpus import Corpus

UTTERANCE = Utterance(
    id="1", audio=Path("1.wav"), emotion="sad", speaker="x", group="x", language="de"
)


def corpus(*utterances: Utterance) -> Corpus:
    return Corpus(name="mine", language="de", root=Path("here"), utterances=utterances, left_out={})


def test_repeated_id_is_refused() -> None:
    with pytest.raises(
        InputError, match="mine: expected one recording for each id, but 1 ids have several: 1"
    ):
        corpus(UTTERANCE, UTTERANCE)


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("id", "a\tb", r"id 'a\\tb'"),
        ("emotion", "sad\n", r"emotion 'sad\\n'"),
        ("speaker", "\x1b[2J", r"speaker '\\x1b\[2J'"),
        ("group", "\0", r"group '\\x00'"),
        ("transcript", "a\0b", "transcript of 1"),
        ("audio", Path("caf\udce9.wav"), "audio of 1"),
    ],
)
def test_what_could_not_be_written_and_read_again_is_refused(
    field: str, value: Any, named: str
) -> None:
    with pytest.raises(InputError, match=f"mine: expected names .* 1 others: {named}. Correct"):
        corpus(replace(UTTERANCE, **{field: value}))


def test_a_transcript_may_have_lines() -> None:
    assert corpus(replace(UTTERANCE, transcript="one\ntwo\tthree")).utterances
