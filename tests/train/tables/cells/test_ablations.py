"""Table VI: ablations of MDAT, each with its change to the full model."""

from dataclasses import replace

import pytest
from toy_outcomes import outcome, outcomes

from mdat_train.evaluation.change import change_of
from mdat_train.runs.condition import SOURCE, TARGET, Condition
from mdat_train.tables.cells.ablations import ablations
from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.cells.table import Table
from mdat_train.tables.plan.study import Study

PAIR = Study(protocol="strict", source="iemocap", target="emodb", model="mdat")
OUTCOMES = outcomes(models=("mdat",))


@pytest.fixture(scope="module")
def table() -> Table:
    return ablations(OUTCOMES, "strict", ("emovo.h5", "urdu.h5"))


@pytest.mark.parametrize(
    ("model", "disable"),
    [
        (1, ()),
        (2, ("transformer",)),
        (3, ("transformer", "co")),
        (4, ("graph", "transformer")),
        (5, ("graph", "co")),
        (6, ("graph",)),
        (7, ("co",)),
    ],
)
def test_an_ablation_is_found_by_its_missing_modules(model, disable):
    study = replace(PAIR, disable=disable)
    table = build_tables({study: outcome(study)}, ())[-1]
    (row,) = [row for row in table.rows if row.cells[0].result]
    switches = ["no" if m in disable else "yes" for m in ("graph", "co", "transformer")]
    assert row.head == (str(model), *switches, "1234567")


@pytest.mark.parametrize(("row", "disable"), [(1, ("transformer",)), (6, ("co",))])
def test_a_change_is_the_ablated_model_minus_the_full_model(table, row, disable):
    full, without = (table.rows[n].cells[0] for n in (0, row))
    assert full.change is None
    assert 100 * without.change.difference == pytest.approx(without.ua - full.ua)
    assert without.change.difference < 0
    of_both = (OUTCOMES[replace(PAIR, disable=d)].run for d in (disable, ()))
    condition = Condition(model="mdat", trained_on=SOURCE, tested_on=TARGET, shots=0)
    assert without.change == change_of(*of_both, condition)
    assert without.change.interval.low < without.change.difference < without.change.interval.high


def test_without_a_run_of_the_full_model_there_is_no_change():
    study = replace(PAIR, disable=("co",))
    rows = ablations({study: outcome(study)}, "strict", ()).rows
    (cell,) = [row.cells[0] for row in rows if row.cells[0].result]
    assert cell.change is None


def test_ablations_are_not_compared(table):
    assert not any(c.comparison for _, _, c in table.places())
