"""A table with every kind of cell."""

from dataclasses import replace

from toy_outcomes import CLASSES, predictions

from mdat_data.metrics import Interval
from mdat_train.evaluation.change import Change
from mdat_train.evaluation.comparison import Comparison
from mdat_train.runs.condition import FOLDS
from mdat_train.runs.labels import model_label
from mdat_train.runs.run import ConditionMetrics
from mdat_train.tables.cells.published import Published
from mdat_train.tables.cells.table import Cell, Row, Table

RESULT = ConditionMetrics.of_predictions(predictions("mdat", FOLDS, skill=0.7), CLASSES, seed=0)
UA = 100 * RESULT.ua.mean
CELLS = (
    Cell(
        result=replace(RESULT, interval=Interval(low=0.7249, high=0.9, redrawn=0)),
        published=Published(value=75.58, uncertain="a doubt", preferred=UA - 2),
        comparison=Comparison(
            difference=0.034, p=0.03125, smallest_p=0.03125, speakers=6, corrected_p=0.0625
        ),
    ),
    Cell(published=Published(value=84.5)),
    Cell(
        result=replace(RESULT, interval=None),
        change=Change(difference=-0.0125, interval=Interval(low=-0.031, high=0.006, redrawn=0)),
    ),
    Cell(),
)
TABLE = Table(
    number="II",
    title="Within & across",
    protocol="strict",
    transductive=True,
    head=("corpus", "classes"),
    columns=("BiLSTM", "MDAT", model_label("safrlm"), "SVM"),
    rows=(Row(name="EMODB", head=("EMO_DB", "4 (paper 7)"), cells=CELLS),),
    notes=("20 % of {all} | a_b",),
)
