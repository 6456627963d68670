"""What a terminal would obey is written out."""

import pytest

from mdat_data import InputError
from mdat_data.errors import listed
from mdat_data.printable import one_line, printable

HOSTILE = {
    "\x1b[31mred": "\\x1b[31mred",
    "a\x07\x08": "a\\x07\\x08",
    "\x9b2J": "\\x9b2J",
    "left\u202eright": "left\\u202eright",
    "half\ud800": "half\\ud800",
    "two\u2028lines": "two\\u2028lines",
    "none\ufffe": "none\\ufffe",
}
PLAIN = ("Ärger", "غصہ", "می\u200cخواهم", "怒り", "<script>&\"'", "$\\frac$", "a b", "")


@pytest.mark.parametrize(("text", "shown"), HOSTILE.items())
def test_control_characters_are_written_out(text, shown):
    assert one_line(text) == printable(text) == shown
    assert shown.isprintable()


@pytest.mark.parametrize("text", PLAIN)
def test_other_characters_stay(text):
    assert one_line(text) == printable(text) == text


def test_lines_stay_where_they_are_lines():
    assert printable("a\nb\r\x1b") == "a\nb\\r\\x1b"
    assert one_line("a\nb") == "a\\nb"
    assert listed(["a\nb", "c\x1b"]) == "a\\nb, c\\x1b"


def test_an_error_message_is_printable():
    error = InputError("got \x1b[2J\nand more")
    assert str(error) == "got \\x1b[2J\nand more"
    assert error.args == ("got \x1b[2J\nand more",)
