"""The texts of cells, the same in all formats."""

from dataclasses import replace

import pytest
from toy_tables import CELLS, RESULT, TABLE

from mdat_train.evaluation.change import Change
from mdat_train.tables.formats.as_csv import csv_table
from mdat_train.tables.formats.as_json import json_document
from mdat_train.tables.formats.as_latex import latex_table
from mdat_train.tables.formats.as_markdown import markdown
from mdat_train.tables.formats.wording import cell_text, change_text, grids, result_text


@pytest.mark.parametrize(
    "write",
    [
        markdown,
        lambda tables: json_document(tables, ()),
        lambda tables: "".join(map(csv_table, tables)),
        lambda tables: "".join(map(latex_table, tables)),
    ],
    ids=["Markdown", "JSON", "CSV", "LaTeX"],
)
def test_safrlm_is_never_named_without_what_it_is(tables, write):
    text, label = write(tables), "SAFRLM-style, reconstructed from its abstract"
    assert label in text
    assert "safrlm" not in text.replace(label, "").lower()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (CELLS[0], "83.3 ± 2.9 [72, 90]\npaper 75.58? (+2.0)"),
        (CELLS[1], "paper 84.50"),
        (CELLS[2], "83.3 ± 2.9 [one speaker]\n−1.2 to model 1 [−3.1, +0.6]"),
        (CELLS[3], ""),
    ],
)
def test_a_cell_has_a_line_for_each_number(cell, text):
    assert cell_text(cell) == text


def test_a_change_of_a_single_speaker_has_no_interval():
    assert change_text(Change(difference=0.02, interval=None)) == "+2.0"


def test_an_interval_has_as_many_digits_as_asked():
    interval = replace(RESULT.interval, low=0.7249, high=0.9)
    assert result_text(replace(RESULT, interval=interval), digits=1) == "83.3 ± 2.9 [72.5, 90.0]"


def test_a_table_without_comparisons_is_one_grid():
    assert len(grids(TABLE)) == 2
    row = replace(TABLE.rows[0], cells=TABLE.rows[0].cells[1:])
    assert len(grids(replace(TABLE, columns=TABLE.columns[1:], rows=(row,)))) == 1
