"""From outcomes to tables: every number in its cell, and no number where nothing was run."""

from dataclasses import replace

import pytest
from toy_outcomes import outcome, outcomes, predictions

from mdat_train.evaluation.comparison import compare, holm
from mdat_train.runs.condition import ADAPTED, FOLDS, HELD_OUT, QUERY, SOURCE, TARGET, Condition
from mdat_train.runs.predictions import PredictionTable
from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.cells.table import Cell, Table
from mdat_train.tables.plan.study import Study

WITHIN = Study(protocol="strict", source="emodb", target=None, model="mdat")
PAIR = Study(protocol="strict", source="iemocap", target="emodb", model="mdat")
OUTCOMES = outcomes()
MISSING = ("emovo.h5", "urdu.h5")


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return {table.number: table for table in build_tables(OUTCOMES, MISSING)}


def cell(table: Table, row: str, column: str) -> Cell:
    return next(c for r, name, c in table.places() if (r.name, name) == (row, column))


def test_tables_of_one_protocol_are_in_the_papers_order(tables):
    assert list(tables) == ["II", "III", "IV", "V", "VI"]
    assert {t.protocol for t in tables.values()} == {"strict", None}
    assert tables["II"].name == "table_II_strict"
    assert tables["II"].heading == "Table II, protocol strict: Within a corpus, UA in %"


def test_without_outcomes_both_protocols_are_blank_and_the_paper_is_printed():
    empty = build_tables({}, MISSING)
    assert [t.name for t in empty[:4]] == [
        "table_II_paper",
        "table_II_strict",
        "table_III",
        "table_IV_paper",
    ]
    places = [place for table in empty for place in table.places()]
    assert not [c for _, _, c in places if c.result or c.comparison]
    assert cell(empty[0], "EMODB", "MDAT").published.value == 84.5


@pytest.mark.parametrize(
    ("number", "row", "study", "trained_on", "tested_on", "shots"),
    [
        ("II", "EMODB", WITHIN, SOURCE, FOLDS, 0),
        ("IV", "IEMOCAP→EMODB", PAIR, SOURCE, TARGET, 0),
        ("V", "IEMOCAP→EMODB, 0 shots", PAIR, SOURCE, QUERY, 0),
        ("V", "IEMOCAP→EMODB, 5 shots", PAIR, ADAPTED, QUERY, 5),
    ],
)
@pytest.mark.parametrize(("model", "column"), [("mdat", "MDAT"), ("svm", "SVM")])
def test_a_cell_holds_the_result_of_its_condition(
    tables, number, row, study, trained_on, tested_on, shots, model, column
):
    run = OUTCOMES[replace(study, model=model)].run
    condition = Condition(model=model, trained_on=trained_on, tested_on=tested_on, shots=shots)
    assert cell(tables[number], row, column).result == run.metrics_of(condition)


def test_the_papers_split_fills_table_ii_too():
    study = replace(WITHIN, protocol="paper")
    (table,) = [t for t in build_tables({study: outcome(study)}, ()) if t.number == "II"]
    assert cell(table, "EMODB", "MDAT").result.condition.tested_on == HELD_OUT


def test_a_difference_is_to_the_value_that_the_paper_supports(tables):
    row = cell(tables["V"], "IEMOCAP→EMODB, 0 shots", "MDAT")
    assert row.published.value == 48.48
    assert row.difference == pytest.approx(row.ua - 42.48)


@pytest.mark.parametrize("number", ["II", "IV", "V"])
def test_mdat_is_compared_with_two_rivals_only(tables, number):
    compared = {column for _, column, c in tables[number].places() if c.comparison}
    assert compared == {"BiLSTM", "SVM"}


def test_a_comparison_is_mdat_minus_its_rival(tables):
    ours, theirs = (
        [
            p
            for p in OUTCOMES[replace(PAIR, model=m)].run.predictions
            if p.condition.tested_on == TARGET
        ]
        for m in ("mdat", "bilstm")
    )
    found = cell(tables["IV"], "IEMOCAP→EMODB", "BiLSTM").comparison
    assert replace(found, corrected_p=None) == compare(ours, theirs, seed=0)


def test_holm_corrects_over_one_table(tables):
    of_table = [c.comparison for _, _, c in tables["V"].places() if c.comparison]
    assert len(of_table) == 8
    assert tuple(c.corrected_p for c in of_table) == holm([c.p for c in of_table])


def test_models_with_different_seeds_are_not_compared():
    svm = outcome(replace(WITHIN, model="svm"))
    fewer = replace(
        svm, run=replace(svm.run, predictions=PredictionTable((), svm.run.predictions[:1]))
    )
    with pytest.raises(ValueError, match="same seeds"):
        build_tables({WITHIN: outcome(WITHIN), replace(WITHIN, model="svm"): fewer}, ())


def test_controls_have_columns_after_the_curves(tables):
    assert tables["V"].columns == (
        *("BiLSTM", "MDAT", "linear", "SVM"),
        *("BiLSTM, support only", "MDAT, support only"),
        *("linear, support only", "SVM, support only"),
    )
    assert cell(tables["V"], "IEMOCAP→EMODB, 5 shots", "MDAT, support only").result
    assert not cell(tables["V"], "IEMOCAP→EMODB, 0 shots", "MDAT, support only").result


def test_shots_that_the_paper_lacks_have_a_row():
    made = outcome(PAIR)
    more = predictions("mdat", QUERY, 7, skill=0.7, trained_on=ADAPTED, draws=range(2))
    table = PredictionTable(made.run.classes, (*made.run.predictions, *more))
    run = replace(made.run, predictions=table)
    table = build_tables({PAIR: replace(made, run=run)}, ())[3]
    assert [row.head[2] for row in table.rows[:5]] == ["0", "5", "7", "10", "15"]
    assert cell(table, "IEMOCAP→EMODB, 7 shots", "MDAT").published is None


def test_sizes_have_the_papers_next_to_them(tables):
    assert [row.head for row in tables["II"].rows] == [
        ("IEMOCAP", "4", "5531 (paper 800)"),
        ("EMODB", "4 (paper 7)", "420"),
        ("URDU", "paper 4", "paper 400"),
        ("EMOVO", "paper 6", ""),
    ]
    assert tables["IV"].rows[0].head == ("IEMOCAP", "EMODB", "5531 (paper 800) → 420")


def test_the_publications_are_quoted(tables):
    row = tables["III"].rows[8]
    assert row.head == ("Kumar et al. (2021)", "MFCC + chroma + mel", "BERT")
    assert [c.published.value for c in row.cells] == [75.0]


@pytest.mark.parametrize("normalize", ["train", "corpus"])
def test_statistics_of_the_target_are_called_transductive(normalize):
    study = replace(PAIR, model="linear")
    tables = build_tables({study: outcome(study, normalize=normalize)}, ())
    marked = [t.number for t in tables if t.transductive and "transductive" in t.heading]
    assert marked == (["IV", "V"] if normalize == "corpus" else [])
