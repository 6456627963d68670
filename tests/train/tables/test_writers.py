"""Tables as Markdown, CSV, LaTeX and JSON."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from toy_outcomes import CLASSES, outcomes, predictions

from mdat_data.metrics import Interval
from mdat_train.evaluation.comparison import Comparison
from mdat_train.runs.labels import system_label
from mdat_train.runs.run import Result
from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.cells.published import Published
from mdat_train.tables.cells.table import Cell, Row, Table
from mdat_train.tables.formats.as_csv import csv_table
from mdat_train.tables.formats.as_json import json_document
from mdat_train.tables.formats.as_latex import escaped, latex_table
from mdat_train.tables.formats.as_markdown import markdown, markdown_table

OF_RUN = predictions("mdat", "folds", 0, skill=0.7)
RESULT = Result.of(OF_RUN[0].condition, OF_RUN, CLASSES)
UA = 100 * RESULT.mean_and_deviation("ua")[0]
CELLS = (
    Cell(
        result=replace(RESULT, interval=Interval(low=0.7249, high=0.9, redrawn=0)),
        published=Published(value=75.58, uncertain="a doubt", preferred=UA - 2),
        comparison=Comparison(
            difference=0.034, p=0.03125, smallest_p=0.03125, speakers=6, corrected_p=0.0625
        ),
    ),
    Cell(published=Published(value=84.5)),
    Cell(result=replace(RESULT, interval=None), change=-1.25),
    Cell(),
)
TABLE = Table(
    number="II",
    title="Within & across",
    protocol="strict",
    transductive=True,
    head=("corpus", "classes"),
    columns=("BiLSTM", "MDAT", system_label("safrlm"), "SVM"),
    rows=(Row(name="EMODB", head=("EMO_DB", "4 (paper 7)"), cells=CELLS),),
    notes=("20 % of {all} | a_b",),
)


@pytest.fixture(scope="module")
def tables() -> tuple[Table, ...]:
    return build_tables(outcomes(("emodb",), notes=("a_b & 5 % #1 {x}",)), ("urdu.h5",))


def test_a_row_of_markdown():
    row = next(x for x in markdown_table(TABLE).splitlines() if x.startswith("| EMO"))
    assert row == (
        "| EMO\\_DB | 4 (paper 7) | 83.3 ± 2.9 [72, 90]<br>paper 75.58? (+2.0) | paper 84.50 | "
        "83.3 ± 2.9 [one speaker]<br>−1.2 to model 1 |  |"
    )


def test_a_table_of_markdown_has_heading_rule_comparisons_and_notes():
    lines = markdown_table(TABLE).splitlines()
    assert lines[0] == "## Table II, protocol strict, transductive: Within & across, UA in %"
    assert lines[3] == "| --- | --- | ---: | ---: | ---: | ---: |"
    assert "| EMODB | BiLSTM | +3.4 | 0.031 | 0.062 | 6 | 0.031 |" in lines
    assert lines[-1] == "- 20 % of {all} \\| a\\_b"


def test_csv_gives_the_numbers_back():
    first, second, third, last = csv.DictReader(io.StringIO(csv_table(TABLE)))
    assert (first["corpus"], first["column"], first["transductive"]) == ("EMO_DB", "BiLSTM", "yes")
    assert float(first["ua"]) == pytest.approx(UA, abs=0.005)
    assert (first["low"], first["high"], first["scores"], first["speakers"]) == (
        *("72.49", "90.00", "2", "6"),
    )
    assert (first["published"], first["uncertain"], first["difference"]) == (
        *("75.58", "a doubt", "2.00"),
    )
    assert (first["mdat_less_this"], first["p"], first["corrected_p"]) == (
        *("3.40", "0.03125", "0.0625"),
    )
    assert (second["ua"], second["published"]) == ("", "84.50")
    assert (third["low"], third["change_to_model_1"]) == ("", "-1.25")
    assert not any(last[name] for name in ("ua", "speakers", "published", "p"))


def test_json_gives_the_numbers_back():
    document = json.loads(json_document([TABLE], ["urdu.h5"]))
    assert document["missing"] == ["urdu.h5"]
    (table,) = document["tables"]
    assert (table["number"], table["protocol"], table["transductive"]) == ("II", "strict", True)
    (row,) = table["rows"]
    assert row["corpus"] == "EMO_DB"
    cell = row["cells"]["BiLSTM"]
    assert cell["ours"]["ua"] == UA
    assert cell["ours"]["ua_of_each"] == [100 * s.ua for s in RESULT.scores]
    assert cell["published"]["uncertain"] == "a doubt"
    assert cell["mdat_against_this"]["difference"] == pytest.approx(3.4)
    assert row["cells"]["MDAT"]["ours"] is None
    assert row["cells"]["SVM"]["published"] is None


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
        r"\shortstack[r]{83.3 $\pm$ 2.9\\ {[}one speaker{]}\\ $-$1.2 to model 1} &  \\"
    )


@pytest.mark.parametrize("place", range(5))
def test_latex_is_whole(tables, place):
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
    for columns, body in re.findall(
        r"begin{tabular}{([lr]+)}\n(.*?)\\end{tabular}", latex_table(tables[place]), re.DOTALL
    ):
        rows = [x for x in body.splitlines() if x.endswith(r"\\")]
        assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows} == {len(columns)}


def test_a_long_table_goes_on_on_another_page(tables):
    text = latex_table(tables[3])
    assert text.count(r"\begin{table}") == 4
    assert "(4 of 4)" in text


def test_what_is_missing_is_blank_and_named(tables):
    lines = markdown_table(tables[0]).splitlines()
    assert (
        "| URDU | paper 4 | paper 400 | paper 91.13 | paper 84.73 | paper 91.56 | paper 94.33 "
        in ("\n".join(lines))
    )
    assert "- Not found, and so left blank: all of ours that needs urdu.h5." in lines


@pytest.mark.parametrize(
    "write",
    [
        markdown,
        lambda tables: json_document(tables, ()),
        lambda tables: "".join(map(csv_table, tables)),
        lambda tables: "".join(map(latex_table, tables)),
    ],
)
def test_safrlm_is_never_named_without_what_it_is(tables, write):
    text, label = write(tables), "SAFRLM-style, reconstructed from its abstract"
    assert label in text
    assert "safrlm" not in text.replace(label, "").lower()
