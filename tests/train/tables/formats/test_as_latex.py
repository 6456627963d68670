"""Tables as LaTeX."""

import re

import pytest
from toy_tables import TABLE

from mdat_train.tables.formats.as_latex import escaped, latex_table


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50 % & a_b", r"50 \% \& a\_b"),
        ("IEMOCAP→EMODB", r"IEMOCAP$\rightarrow$EMODB"),
        ("−1.2 ± 3", r"$-$1.2 $\pm$ 3"),
        ("a\\{b}", r"a\textbackslash{}\{b\}"),
        ("[1, 2]", "{[}1, 2{]}"),
    ],
)
def test_latex_is_escaped(text, latex):
    assert escaped(text) == latex


def test_a_row_of_latex():
    row = next(x for x in latex_table(TABLE).splitlines() if x.startswith("EMO"))
    assert row == (
        r"EMO\_DB & 4 (paper 7) & "
        r"\shortstack[r]{83.3 $\pm$ 2.9\\ {[}72, 90{]}\\ paper 75.58? (+2.0)} & paper 84.50 & "
        r"\shortstack[r]{83.3 $\pm$ 2.9\\ {[}one speaker{]}\\ "
        r"$-$1.2 to model 1\\ {[}$-$3.1, +0.6{]}} &  \\"
    )


@pytest.mark.parametrize("place", range(5))
def test_latex_is_complete(tables, place):
    text = latex_table(tables[place])
    opened, closed = (re.findall(rf"\\{word}{{(\w+)}}", text) for word in ("begin", "end"))
    assert sorted(opened) == sorted(closed)
    bare = re.sub(r"\\[%&_#${}\\]", "", text)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert not set("%#_") & set(bare)
    assert text.isascii()


@pytest.mark.parametrize("place", range(5))
def test_every_row_of_latex_has_its_columns(tables, place):
    text = latex_table(tables[place])
    found = re.findall(r"begin{tabular}{([lr]+)}\n(.*?)\\end{tabular}", text, re.DOTALL)
    assert len(found) == text.count(r"\begin{tabular}") > 0
    for columns, body in found:
        rows = [x for x in body.splitlines() if x.endswith(r"\\")]
        assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows} == {len(columns)}


def test_a_long_table_continues_on_other_pages(tables):
    text = latex_table(tables[3])
    assert text.count(r"\begin{table}") == 4
    assert "(4 of 4)" in text
