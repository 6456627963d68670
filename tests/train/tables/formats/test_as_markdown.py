"""Tables as Markdown."""

from toy_tables import TABLE

from mdat_train.classifiers.models import MODELS
from mdat_train.runs.labels import model_label
from mdat_train.tables.formats.as_markdown import markdown_table


def test_a_row_of_markdown():
    row = next(x for x in markdown_table(TABLE).splitlines() if x.startswith("| EMO"))
    assert row == (
        "| EMO\\_DB | 4 (paper 7) | 83.3 ± 2.9 [72, 90]<br>paper 75.58? (+2.0) | paper 84.50 | "
        "83.3 ± 2.9 [one speaker]<br>−1.2 to model 1 [−3.1, +0.6] |  |"
    )


def test_a_table_of_markdown_has_heading_rule_comparisons_and_notes():
    lines = markdown_table(TABLE).splitlines()
    assert lines[0] == "## Table II, protocol strict, transductive: Within & across, UA in %"
    assert lines[3] == "| --- | --- | ---: | ---: | ---: | ---: |"
    assert "| EMODB | BiLSTM | +3.4 | 0.031 | 0.062 | 6 | 0.031 |" in lines
    assert lines[-1] == "- 20 % of {all} \\| a\\_b"


def test_cells_without_a_run_are_blank_and_named(tables):
    lines = markdown_table(tables[0]).splitlines()
    head, urdu = (
        [cell.strip() for cell in line.split("|")]
        for line in lines
        if line.startswith(("| corpus", "| URDU"))
    )
    found = dict(zip(head, urdu, strict=True))
    assert (found["classes"], found["utterances"]) == ("paper 4", "paper 400")
    printed = {"bilstm": "91.13", "safrlm": "84.73", "hcam": "91.56", "mdat": "94.33"}
    for model in MODELS:
        assert found[model_label(model)] == (f"paper {printed[model]}" if model in printed else "")
    assert (
        "- Features files not found: urdu.h5. The cells that need them have no result of ours."
    ) in lines
