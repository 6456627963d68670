"""Figures of README stand in reports that commands wrote, in the row of their corpus."""

import re

import pytest
from documents import PAGES, REPORTS

REPORT = "\n".join(path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("*/tables.md")))
README = PAGES["README.md"]
NUMBER = re.compile(r"(?<![\w.,])[−+]?\d+\.\d+\b(?!\.)")
ROWS = [line for line in README.splitlines() if line.startswith("| ") and NUMBER.search(line)]


def numbers(text: str) -> set[str]:
    """The numbers with decimals, without the signs of differences."""
    return {number.lstrip("−+-") for number in NUMBER.findall(text.replace("-", "−"))}


@pytest.mark.parametrize("row", ROWS)
def test_a_row_stands_in_the_report(row):
    target = row.split(",")[0].strip("| ").replace("-", "").upper()
    reported = [line for line in REPORT.splitlines() if line.startswith(f"| {target} |")]
    assert numbers(row) <= numbers("\n".join(reported))


def test_there_are_rows():
    assert len(ROWS) >= 2


def test_every_other_figure_stands_in_the_report():
    text = "\n".join(line for line in README.splitlines() if line not in ROWS)
    text = re.sub(r"```.*?```|Python 3\.11|Apache 2\.0", "", text, flags=re.DOTALL)
    assert numbers(text) <= numbers(REPORT)


@pytest.mark.parametrize("shots", ["0", "1", "5", "10", "15"])
def test_the_results_page_has_the_rows_of_the_report(shots):
    page = PAGES["docs/results.md"]
    for line in REPORT.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 9 and cells[1] == "linear" and cells[2] == shots:
            assert " | ".join([cells[2], cells[4], cells[5], cells[7], cells[8]]) in page
