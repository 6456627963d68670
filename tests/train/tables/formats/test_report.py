"""The whole report."""

import csv
import json
import re
from base64 import b64decode

import pytest
from toy_outcomes import outcomes

from mdat_train.tables.formats import report as module
from mdat_train.tables.formats.report import write_report

OF = outcomes(("emodb", "emovo"), models=("mdat", "bilstm", "safrlm"), notes=("<b> & co", "$ 5"))
MISSING = ("iemocap.h5", "urdu.h5")
PNG = b"\x89PNG\r\n\x1a\n"


def test_every_file_is_written_and_no_other(report):
    tables = ("II_strict", "III", "IV_strict", "V_strict", "VI_strict")
    pairs = ("emodb_emovo", "emovo_emodb")
    assert {path.name for path in report.iterdir()} == {
        *("tables.md", "tables.json", "report.html", "figure_2.png", "figure_3.png"),
        *(f"table_{table}.{kind}" for table in tables for kind in ("csv", "tex")),
        *(f"shots_{pair}.png" for pair in pairs),
    }


def test_the_same_outcomes_give_the_same_bytes(report, tmp_path):
    reversed_outcomes = dict(reversed(OF.items()))
    again = write_report(reversed_outcomes, MISSING, tmp_path)
    assert len(again) == 17
    assert [p.name for p in again if p.read_bytes() != (report / p.name).read_bytes()] == []


def test_a_figure_does_not_name_the_program_that_drew_it(report):
    assert b"Software" not in (report / "figure_2.png").read_bytes()


def test_files_appear_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "build_tables", lambda outcomes, missing: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_report(OF, MISSING, tmp_path / "report")
    assert not list(tmp_path.iterdir())


def test_a_figure_that_cannot_be_drawn_costs_no_table(tmp_path, monkeypatch):
    drawn, warnings = [], []

    def fail(figure):
        drawn.append(figure)
        if len(drawn) > 1:
            raise ValueError("what is $this")
        return PNG

    monkeypatch.setattr(module, "_png", fail)
    written = [path.name for path in write_report(OF, MISSING, tmp_path, warn=warnings.append)]
    assert warnings == ["not all figures could be drawn: ValueError('what is $this')"]
    assert written[0] == "tables.md" and written[-2:] == ["figure_2.png", "report.html"]
    assert len(written) == 14


def test_the_page_has_every_table_and_figure(report):
    page = (report / "report.html").read_text(encoding="utf-8")
    heads = re.findall(r'<section id="(\w+)">', page)
    assert heads == [
        "table_II_strict",
        "table_III",
        *(f"table_{n}_strict" for n in ("IV", "V", "VI")),
    ]
    pictures = [b64decode(data) for data in re.findall(r"data:image/png;base64,([^\"]+)", page)]
    assert pictures[0] == (report / "figure_2.png").read_bytes()
    assert [picture[:8] for picture in pictures] == [PNG] * 4


@pytest.mark.parametrize("kind", ["md", "json", "csv", "tex", "html"])
def test_words_are_those_of_the_field(report, kind):
    texts = [path.read_text(encoding="utf-8") for path in report.glob(f"*.{kind}")]
    words = re.sub('base64,[^"]+|font:[^;]+', "", "\n".join(texts)).lower()
    assert "mdat, support only" in words
    assert not [word for word in ("clip", "system", "alone") if word in words]


def test_formats_agree(report):
    table = json.loads((report / "tables.json").read_text(encoding="utf-8"))["tables"][0]
    with (report / "table_II_strict.csv").open(newline="", encoding="utf-8") as file:
        rows = {(row["corpus"], row["column"]): row for row in csv.DictReader(file)}
    ours = table["rows"][1]["cells"]["MDAT"]["ours"]
    assert float(rows["EMODB", "MDAT"]["ua"]) == pytest.approx(ours["ua"], abs=0.005)
    text = (report / "tables.md").read_text(encoding="utf-8")
    assert f"{ours['ua']:.1f} ± {ours['deviation']:.1f}" in text
