"""Figures of README stand in reports that commands wrote, in the row of their corpus."""

import re

import pytest
from documents import PAGES, REPORTS

OF = {
    path.name: (path / "tables.md").read_text(encoding="utf-8")
    for path in sorted(REPORTS.iterdir())
}
OF_FEATURES = {"log-mel": OF["transfer"], "Whisper": OF["transfer_whisper"]}
MODELS = {
    name: "MDAT" if "mdat" in name else "linear" for name in OF if name.startswith("transfer")
}
README = PAGES["README.md"]
NUMBER = re.compile(r"(?<![\w.,])[−+]?\d+\.\d+\b(?!\.)")
ROWS = [line for line in README.splitlines() if line.startswith("| ") and NUMBER.search(line)]


def numbers(text: str) -> set[str]:
    """The numbers with decimals, without the signs of differences."""
    return {number.lstrip("−+-") for number in NUMBER.findall(text.replace("-", "−"))}


@pytest.mark.parametrize("row", ROWS)
def test_a_row_stands_in_the_report(row):
    language, features, *_ = (cell.strip() for cell in row.strip("|").split("|"))
    target = language.split(",")[0].replace("-", "").upper()
    report = OF_FEATURES[features]
    reported = [line for line in report.splitlines() if line.startswith(f"| {target} |")]
    assert numbers(row) <= numbers("\n".join(reported))


def test_there_are_rows():
    assert len(ROWS) >= 2


def test_every_other_figure_stands_in_the_report():
    text = "\n".join(line for line in README.splitlines() if line not in ROWS)
    text = re.sub(r"```.*?```|Python 3\.11|Apache 2\.0", "", text, flags=re.DOTALL)
    assert numbers(text) <= numbers("".join(OF.values()))


@pytest.mark.parametrize("shots", ["0", "1", "5", "10", "15"])
@pytest.mark.parametrize("report", MODELS)
def test_the_results_page_has_the_rows_of_the_report(report, shots):
    page = PAGES["docs/results.md"]
    lines = OF[report].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    of_shots = [row for row in rows if len(row) == 9 and row[1:3] == [MODELS[report], shots]]
    assert len(of_shots) == 3
    for row in of_shots:
        assert " | ".join([row[2], row[4], row[5], row[7], row[8]]) in page
