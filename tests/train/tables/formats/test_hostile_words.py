"""Words of others in a table stay words in every format."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from toy_tables import TABLE

from mdat_train.tables.cells.table import Table
from mdat_train.tables.formats.as_csv import csv_table
from mdat_train.tables.formats.as_html import html_report
from mdat_train.tables.formats.as_json import json_document
from mdat_train.tables.formats.as_latex import latex_table
from mdat_train.tables.formats.as_markdown import markdown_table

WORDS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=1>',
    "&lt;b&gt; & 'co'",
    "\x1b[31mred\x07",
    "$\\frac{1}{2}$",
    "50 % a_b \\ ^ ~ # {x}",
    "=cmd()",
    "@SUM(A1)",
    "[x](javascript:alert(1))",
    "a | b",
    "`code` *so* $x$",
    "\\input{/etc/passwd}",
)


def table(word: str) -> Table:
    row = replace(TABLE.rows[0], name=word, head=(word, word))
    return replace(TABLE, title=word, rows=(row, *TABLE.rows[1:]), notes=(word,))


def visible(text: str) -> str:
    """The word as a reader sees it."""
    return text.replace("\x1b", "\\x1b").replace("\x07", "\\x07")


class Reader(HTMLParser):
    """Collects the text of a page, its tags and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.mark.parametrize("word", WORDS)
def test_html(word):
    page = html_report([table(word)], [(word, word, b"png")], (word,))
    plain = html_report([TABLE], [("a", "b", b"png")], ("c",))
    found, expected = read(page), read(plain)
    assert (found.tags, found.attributes) == (expected.tags, expected.attributes)
    assert visible(word) in found.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", page)


@pytest.mark.parametrize("word", WORDS)
def test_csv(word):
    first, *_ = csv.DictReader(io.StringIO(csv_table(table(word))))
    assert first["corpus"].removeprefix("'") == word
    assert first["corpus"][0] not in "=+-@"


@pytest.mark.parametrize("word", WORDS)
def test_latex(word):
    text = latex_table(table(word))
    cell = text.split("\\midrule\n")[1].split(" & ")[0]
    assert "\x1b" not in text
    # What is left without the escapes of special characters has no meaning for LaTeX.
    plain = re.sub(r"\\text(backslash|asciitilde|asciicircum){}|\\[&%$#_{}]|\$[<>]\$", "", cell)
    assert not set(plain.replace("{[}", "").replace("{]}", "")) & set("\\$&%#_^~{}")


@pytest.mark.parametrize("word", WORDS)
def test_markdown(word):
    text = markdown_table(table(word))
    note = text.splitlines()[-1].removeprefix("- ")
    assert re.sub(r"\\([\\|*_<>`&$~#(])", r"\1", note) == visible(word)
    assert not re.search(r"(?<!\\)(?:\\\\)*([<`$]|&#?\w+;)", note)
    assert "](" not in note
    assert "\x1b" not in text


@pytest.mark.parametrize("word", WORDS)
def test_json(word):
    document = json.loads(json_document([table(word)], (word,)))
    assert document["tables"][0]["rows"][0]["corpus"] == word
    assert document["missing"] == [word]
