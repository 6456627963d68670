"""Markdown shows the words of others as they are."""

import pytest

from mdat_data.markdown import escaped, table


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a|b", r"a\|b"),
        ("<script>", r"\<script\>"),
        ("$x$ #1 ~~y~~", r"\$x\$ \#1 \~\~y\~\~"),
        ("&amp; & co", r"\&amp; & co"),
        ("[a](b)", r"[a]\(b)"),
        ("one\ntwo\x1b", r"one<br>two\\x1b"),
    ],
)
def test_words_are_no_markup(text, markdown):
    assert escaped(text) == markdown


def test_numbers_are_aligned_to_the_right():
    lines = table(["speaker", "emotion", "n"], [["a", "sad", "1"]], texts=2).splitlines()
    assert lines == ["| speaker | emotion | n |", "| --- | --- | ---: |", "| a | sad | 1 |"]
