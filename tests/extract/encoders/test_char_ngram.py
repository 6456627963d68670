import subprocess
import sys

import numpy as np
import pytest

from mdat_extract.encoders.char_ngram import DIM, CharNgram

PRINT = (
    "from mdat_extract.encoders.char_ngram import CharNgram; "
    "print(CharNgram().encode(['Das Tuch'])[0]['last'].tolist())"
)


def rows(text: str) -> np.ndarray:
    encoded: np.ndarray = CharNgram().encode([text])[0]["last"]
    return encoded


def test_there_is_a_row_of_length_one_for_each_word() -> None:
    assert rows("Das Tuch liegt").shape == (3, DIM)
    np.testing.assert_allclose(np.linalg.norm(rows("Das Tuch liegt"), axis=1), 1, rtol=1e-6)


def test_a_text_without_words_is_one_row_of_zeros() -> None:
    np.testing.assert_array_equal(rows(" \n"), np.zeros((1, DIM)))


@pytest.mark.parametrize(
    ("text", "tokens"), [("Größer  ALS", ("grösser", "als")), ("ﬁx", ("fix",)), (" \n", ("",))]
)
def test_tokens_are_the_words_that_are_counted(text: str, tokens: tuple[str, ...]) -> None:
    assert CharNgram().tokens(text) == tokens
    assert len(rows(text)) == len(tokens)


def test_a_word_has_the_same_row_at_every_place() -> None:
    np.testing.assert_array_equal(rows("das Tuch")[1], rows("ein TUCH da")[1])


def test_words_that_share_letters_are_nearer() -> None:
    tuch, tuches, fisch = rows("Tuch Tuches Hammer")
    assert tuch @ tuches > tuch @ fisch + 0.2


def test_other_scripts_are_encoded() -> None:
    urdu = rows("یہ کتاب ہے")
    assert urdu.shape == (3, DIM)
    assert len(np.unique(urdu, axis=0)) == 3


def test_another_process_gives_the_same() -> None:
    command = [sys.executable, "-c", PRINT]
    outputs = [
        subprocess.run(
            command,
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs == [f"{rows('Das Tuch').tolist()}\n"] * 2
