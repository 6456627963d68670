"""The records of a table."""

from dataclasses import replace

import pytest
from toy_outcomes import CLASSES, predictions

from mdat_train.evaluation.comparison import Comparison, holm
from mdat_train.runs.condition import FOLDS
from mdat_train.runs.run import ConditionMetrics
from mdat_train.tables.cells.published import Published
from mdat_train.tables.cells.table import Cell, Row, Table, corrected

RESULT = ConditionMetrics.of_predictions(predictions("mdat", FOLDS, skill=0.7), CLASSES, seed=0)


def compared(p: float) -> Cell:
    return Cell(comparison=Comparison(difference=0.1, p=p, smallest_p=0.01, speakers=6))


def test_a_cell_compares_its_mean_with_the_papers():
    cell = Cell(result=RESULT, published=Published(value=50.0, preferred=60.0))
    assert cell.ua == 100 * RESULT.ua.mean
    assert cell.difference == pytest.approx(cell.ua - 60)
    assert Cell(result=RESULT).difference is None
    assert Cell(published=Published(value=50.0)).difference is None


def test_holms_correction_is_over_all_rows():
    rows = [
        Row(name="a", head=(), cells=(compared(0.03), Cell())),
        Row(name="b", head=(), cells=(Cell(), compared(0.01))),
    ]
    found = [c.comparison.corrected_p for row in corrected(rows) for c in row.cells if c.comparison]
    assert tuple(found) == holm([0.03, 0.01])
    assert [len(row.cells) for row in corrected(rows)] == [2, 2]


@pytest.mark.parametrize(
    ("changed", "name", "heading"),
    [
        ({}, "table_IV_strict", "Table IV, protocol strict: Across, UA in %"),
        (
            {"transductive": True},
            "table_IV_strict",
            "Table IV, protocol strict, transductive: Across, UA in %",
        ),
        ({"protocol": None}, "table_IV", "Table IV: Across, UA in %"),
    ],
)
def test_a_table_has_a_name_and_a_heading(changed, name, heading):
    table = Table(
        number="IV",
        title="Across",
        protocol="strict",
        transductive=False,
        head=("source",),
        columns=("MDAT",),
        rows=(),
        notes=(),
    )
    table = replace(table, **changed)
    assert (table.name, table.heading) == (name, heading)
