"""The whole report."""

import csv
import json
import re
from base64 import b64decode

import pytest
from toy_outcomes import outcomes

from mdat_train.tables.formats import report
from mdat_train.tables.formats.report import write_report

MODELS = ("mdat", "bilstm", "safrlm")
OF = outcomes(("emodb", "emovo"), models=MODELS, notes=("<b> & co", "$ 5"))
MISSING = ("iemocap.h5", "urdu.h5")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "new" / "report"
    write_report(OF, MISSING, folder)
    return folder


@pytest.fixture(scope="module")
def page(folder) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def test_every_file_is_there_and_no_other(folder):
    tables = ("II_strict", "III", "IV_strict", "V_strict", "VI_strict")
    pairs = ("emodb_emovo", "emovo_emodb")
    assert {path.name for path in folder.iterdir()} == {
        *("tables.md", "tables.json", "report.html", "figure_2.png", "figure_3.png"),
        *(f"table_{table}.{kind}" for table in tables for kind in ("csv", "tex")),
        *(f"shots_{pair}.png" for pair in pairs),
    }


def test_the_same_outcomes_give_the_same_bytes(folder, tmp_path):
    reversed_outcomes = dict(reversed(OF.items()))
    again = write_report(reversed_outcomes, MISSING, tmp_path)
    assert len(again) == 17
    assert [p.name for p in again if p.read_bytes() != (folder / p.name).read_bytes()] == []


def test_a_picture_does_not_tell_what_drew_it(folder):
    assert b"Software" not in (folder / "figure_2.png").read_bytes()


def test_files_appear_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "build_tables", lambda outcomes, missing: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_report(OF, MISSING, tmp_path / "report")
    assert not list(tmp_path.iterdir())


def test_the_page_holds_every_table_and_figure(page, folder):
    heads = re.findall(r'<section id="(\w+)">', page)
    assert heads == [
        "table_II_strict",
        "table_III",
        *(f"table_{n}_strict" for n in ("IV", "V", "VI")),
    ]
    pictures = [b64decode(data) for data in re.findall(r"data:image/png;base64,([^\"]+)", page)]
    assert pictures[0] == (folder / "figure_2.png").read_bytes()
    assert [picture[:8] for picture in pictures] == [PNG] * 4


def test_the_page_needs_no_other_file(page):
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert "<script" not in page
    assert "url(" not in page


def test_the_page_is_escaped(page):
    assert "&lt;b&gt; &amp; co (EMODB, EMOVO)." in page
    assert "$ 5 (EMODB, EMOVO)." in page
    assert "<b>" not in page


def test_the_page_names_what_is_missing_and_leaves_it_blank(page):
    assert "<p>Not found, and so left blank: iemocap.h5, urdu.h5.</p>" in page
    row = next(x for x in page.splitlines() if x.startswith("<tr><td>IEMOCAP</td>"))
    assert '<td class="number"><span class="paper">paper 75.58</span></td>' in row
    assert row.endswith('<td class="number"></td><td class="number"></td></tr>')


def test_a_cell_of_the_page_has_ours_and_the_papers(page):
    row = next(x for x in page.splitlines() if x.startswith("<tr><td>EMODB</td>"))
    assert "83.3 ± 2.9<br>[76, 92]<br>" in row
    assert '<span class="paper">paper 84.50 (−1.2)</span>' in row


def test_the_page_never_names_safrlm_without_what_it_is(page):
    label = "SAFRLM-style, reconstructed from its abstract"
    assert label in page
    assert "safrlm" not in re.sub('base64,[^"]+', "", page).replace(label, "").lower()


def test_formats_agree(folder):
    table = json.loads((folder / "tables.json").read_text(encoding="utf-8"))["tables"][0]
    with (folder / "table_II_strict.csv").open(newline="", encoding="utf-8") as file:
        rows = {(row["corpus"], row["column"]): row for row in csv.DictReader(file)}
    ours = table["rows"][1]["cells"]["MDAT"]["ours"]
    assert float(rows["EMODB", "MDAT"]["ua"]) == pytest.approx(ours["ua"], abs=0.005)
    text = (folder / "tables.md").read_text(encoding="utf-8")
    assert f"{ours['ua']:.1f} ± {ours['deviation']:.1f}" in text
