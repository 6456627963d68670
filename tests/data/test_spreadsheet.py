"""Words in CSV that a spreadsheet would compute."""

import csv
import io

import pytest

from mdat_data.spreadsheet import as_cell, from_cell

FORMULAS = ("=cmd()", "=1+1", "+a", "-a", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x", "-1=2", "--1")
PLAIN = ("sad", "", "'", "'tis", "a=b", "1-2", "-1", "+2.5", "-3,5", "<script>", '"', "a\nb", "غصہ")


@pytest.mark.parametrize("word", [*FORMULAS, *PLAIN])
def test_a_word_is_read_as_it_was_written(word):
    text = io.StringIO()
    csv.writer(text).writerow([as_cell(word), "x"])
    ((cell, _),) = csv.reader(io.StringIO(text.getvalue(), newline=""))
    assert from_cell(cell) == word


@pytest.mark.parametrize("word", FORMULAS)
def test_no_cell_is_a_formula(word):
    assert as_cell(word) == f"'{word}"


@pytest.mark.parametrize("word", PLAIN)
def test_other_words_and_numbers_stay(word):
    assert as_cell(word) == word
