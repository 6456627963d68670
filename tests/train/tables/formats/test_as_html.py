"""The page with all tables and figures."""

import html
import re
from dataclasses import replace

import pytest
from toy_tables import TABLE

from mdat_train.config import TRANSFER
from mdat_train.tables.cells.transfer import SOURCES
from mdat_train.tables.formats.as_html import html_report


@pytest.fixture(scope="session")
def page(report) -> str:
    return (report / "report.html").read_text(encoding="utf-8")


def test_the_page_needs_no_other_file(page):
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert "<script" not in page
    assert "url(" not in page


def test_the_page_is_escaped(page):
    assert "&lt;b&gt; &amp; co (EMODB, EMOVO)." in page
    assert "$ 5 (EMODB, EMOVO)." in page
    assert "<b>" not in page


def test_the_page_names_missing_files_and_leaves_their_cells_blank(page):
    assert (
        "<p>Features files not found: iemocap.h5, urdu.h5. "
        "The cells that need them have no result of ours.</p>"
    ) in page
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


def test_without_missing_files_there_is_no_such_line():
    page = html_report([TABLE], [("A & B", "Read it <so>.", b"png")], ())
    assert "not found" not in page
    assert "<strong>A &amp; B</strong>. Read it &lt;so&gt;.</figcaption>" in page


def test_a_report_of_transfer_alone_says_nothing_of_the_paper():
    both = [replace(TABLE, number=number) for number in (TRANSFER, SOURCES)]
    alone = html_report(both, [], ())
    assert "<h1>What other languages are worth</h1>" in alone
    assert "Paper: " not in alone
    together = html_report([TABLE, replace(TABLE, number=TRANSFER)], [], ())
    assert "<h1>The paper's tables, with ours</h1>" in html.unescape(together)
    assert "Paper: " in together
