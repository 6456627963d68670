"""Cells are found by the records of their conditions, whatever a model is called."""

from dataclasses import replace

import pytest
from toy_outcomes import outcome

from mdat_train.runs.condition import ADAPTED, QUERY, SOURCE, SUPPORT, TARGET
from mdat_train.tables.cells.cells import (
    EVERY_MODEL,
    Column,
    ablated_cell,
    cells,
    class_count,
    outcomes_of_task,
    utterance_count,
)
from mdat_train.tables.cells.published import Published
from mdat_train.tables.plan.study import Study

MDAT = Study(protocol="strict", source="iemocap", target="emodb", model="mdat")
SVM = replace(MDAT, model="svm")
OUTCOMES = {study: outcome(study) for study in (SVM, MDAT)}
CURVE = (Column("mdat"), Column("mdat", support_only=True), Column("linear", support_only=True))


def of_query(shots, columns=CURVE, found=OUTCOMES):
    """The condition behind each cell."""
    made = cells(found, columns, tested_on=(QUERY,), shots=shots, printed=lambda column: None)
    return [cell.result.condition if cell.result else None for cell in made]


def test_a_column_with_a_control_differs_only_in_what_was_trained_on():
    conditions = of_query(5)
    assert [(c.model, c.trained_on) for c in conditions] == [
        ("mdat", ADAPTED),
        ("mdat", SUPPORT),
        ("linear", SUPPORT),
    ]


def test_zero_shot_has_no_control():
    own, *controls = of_query(0)
    assert (own.trained_on, own.shots) == (SOURCE, 0)
    assert controls == [None, None]


def test_a_name_that_looks_like_a_control_is_not_one():
    """Conditions are records: no text is taken apart to find what a model was trained on."""
    name = "mdat, support only"
    run = OUTCOMES[MDAT].run
    renamed = tuple(
        replace(p, condition=replace(p.condition, model=name)) if p.condition.model == "mdat" else p
        for p in run.predictions
    )
    found = {MDAT: replace(OUTCOMES[MDAT], run=replace(run, predictions=renamed))}
    assert of_query(5, found=found)[:2] == [None, None]
    own, control = of_query(5, (Column("mdat"), Column(name)), found)
    assert own is None
    assert (control.model, control.trained_on) == (name, ADAPTED)


def test_a_control_is_taken_from_the_run_of_another_model():
    own, *_, linear = of_query(5, found={SVM: OUTCOMES[SVM]})
    assert own is None
    assert (linear.model, linear.trained_on) == ("linear", SUPPORT)


def test_every_model_has_a_column_with_its_label():
    assert [column.label for column in EVERY_MODEL if column.model in ("mdat", "svm")] == [
        "MDAT",
        "SVM",
    ]
    assert Column("mdat", support_only=True).label == "MDAT, support only"


def test_outcomes_of_a_task_are_those_of_its_models_with_linear_and_mdat_first():
    other = replace(MDAT, target="urdu")
    ablated = replace(MDAT, disable=("co",))
    everything = {s: outcome(s) for s in (SVM, other, ablated, MDAT, replace(MDAT, model="linear"))}
    found = outcomes_of_task(everything, "strict", "iemocap", "emodb")
    assert [study.model for study in found] == ["linear", "mdat", "svm"]
    assert {(study.target, study.disable) for study in found} == {("emodb", ())}


@pytest.mark.parametrize("full", [None, OUTCOMES[MDAT]])
def test_an_ablated_cell_has_its_change_where_the_full_model_was_run(full):
    printed = Published(value=40.0)
    ablated = outcome(replace(MDAT, disable=("co",)))
    cell = ablated_cell(ablated, full, printed)
    assert cell.result.condition.tested_on == TARGET
    assert (cell.change is None) == (full is None)
    assert ablated_cell(None, full, printed).published == printed
    assert ablated_cell(None, full, printed).result is None


def test_counts_have_the_papers_where_they_differ():
    assert class_count("emodb", OUTCOMES) == "4 (paper 7)"
    assert class_count("emodb", {}) == "paper 7"
    assert utterance_count("iemocap", "source", OUTCOMES) == "5531 (paper 800)"
    assert utterance_count("emodb", "target", OUTCOMES) == "420"
    assert utterance_count("emodb", "target", {}, classes=7) == ""
