"""The table of predictions, in this version's form and in the form of version 0.1."""

import csv
import io
import sys

import numpy as np
import pytest
from small_run import CLASSES, RUN, predictions

from mdat_data import InputError
from mdat_train.runs.condition import ADAPTED, FOLDS, HELD_OUT, QUERY, SOURCE, SUPPORT, TARGET
from mdat_train.runs.predictions import PredictionTable, read_table, table_of, write_table

TABLE = RUN.predictions
OLD = "system,test,shots,seed,draw,id,speaker,truth,predicted,p_angry,p_sad"


def old_table(*rows: str) -> PredictionTable:
    """A table of version 0.1, whose rows are given up to the number of the draw."""
    lines = [OLD, *(f"{row},{id},s{id},sad,angry,0.75,0.25" for row in rows for id in (1, 2))]
    return table_of(csv.DictReader(io.StringIO("\n".join(lines))), ["angry", "sad"])


def test_predictions_are_a_sequence():
    assert len(TABLE) == 5
    assert TABLE[1] is TABLE.items[1] is list(TABLE)[1]
    assert TABLE[1:3] == TABLE.items[1:3]


def test_the_most_probable_class_is_predicted():
    one = predictions(SOURCE, 0, 0, None)
    assert one.predicted.tolist() == [np.argmax(row) for row in one.probabilities]
    truth, predicted, speakers = one.tested
    assert (truth is one.truth, predicted.tolist()) == (True, one.predicted.tolist())
    assert speakers == one.speakers


def test_there_is_a_row_for_every_utterance_of_every_condition():
    rows = list(TABLE.rows())
    assert len(rows) == 5 * 6
    assert TABLE.columns == (
        *("model", "trained_on", "tested_on", "shots", "seed", "draw"),
        *("id", "speaker", "truth", "predicted"),
        *("p_ängstlich", "p_froh", "p_müde"),
    )
    of, row = TABLE[1], rows[7]
    assert row[:8] == ("mdat", "source+support", "query", 5, 0, 0, '1, "quoted"', "a")
    assert row[8:10] == ("froh", CLASSES[of.predicted[1]])
    assert row[10:] == tuple(of.probabilities[1])


def test_the_rows_are_read_again():
    rows = [dict(zip(TABLE.columns, map(text, row), strict=True)) for row in TABLE.rows()]
    read = table_of(rows, CLASSES)
    keys = [[(p.condition, p.seed, p.draw, p.ids, p.speakers) for p in of] for of in (read, TABLE)]
    assert keys[0] == keys[1]
    for again, of in zip(read, TABLE, strict=True):
        np.testing.assert_array_equal(again.truth, of.truth)
        np.testing.assert_array_equal(again.probabilities, of.probabilities)


def text(value: object) -> str:
    return "" if value is None else str(value)


def test_pandas_takes_the_rows():
    frame = TABLE.to_pandas()
    assert tuple(frame.columns) == TABLE.columns
    assert len(frame) == 30
    accuracy = (frame.truth == frame.predicted).groupby(frame.trained_on).mean()
    of = [p for p in TABLE if p.condition.trained_on == SUPPORT]
    assert accuracy[SUPPORT] == pytest.approx((of[0].truth == of[0].predicted).mean())
    assert frame.draw.isna().sum() == 6


def test_without_pandas_the_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(InputError, match="pip install pandas"):
        TABLE.to_pandas()


def test_facts_of_the_utterances_are_columns_that_are_read_again():
    one, other = TABLE[0].ids[0], TABLE[0].ids[1]
    known = TABLE.with_facts({"sex": {one: "female", other: "=male"}})
    assert known.columns == (*TABLE.columns[:10], "sex", *TABLE.columns[10:])
    assert {row[10] for row in known.rows()} == {"female", "=male", ""}
    assert known[0].facts["sex"][:2] == ("female", "=male")
    assert known.with_facts({"age": {}}).facts == ("sex", "age")
    assert TABLE.facts == ()


def test_facts_are_written_and_read(tmp_path):
    known = TABLE.with_facts({"sex": {TABLE[0].ids[0]: "=1+1"}})
    write_table(known, tmp_path / "predictions.csv")
    read = read_table(tmp_path / "predictions.csv", CLASSES)
    assert [p.facts for p in read] == [p.facts for p in known]
    assert read.columns == known.columns


@pytest.mark.parametrize(
    ("row", "model", "trained_on", "tested_on", "shots"),
    [
        ("mdat,folds,0,0,", "mdat", SOURCE, FOLDS, 0),
        ("svm,20 %,0,0,", "svm", SOURCE, HELD_OUT, 0),
        ("mdat,target,0,1,", "mdat", SOURCE, TARGET, 0),
        ("mdat,query,0,0,2", "mdat", SOURCE, QUERY, 0),
        ("mdat,query,5,0,2", "mdat", ADAPTED, QUERY, 5),
        ('"mdat, clips alone",query,5,0,2', "mdat", SUPPORT, QUERY, 5),
        ('"linear, clips alone",query,15,0,2', "linear", SUPPORT, QUERY, 15),
    ],
)
def test_a_table_of_version_0_1_gives_its_conditions(row, model, trained_on, tested_on, shots):
    (of,) = old_table(row)
    condition = of.condition
    assert (condition.model, condition.trained_on) == (model, trained_on)
    assert (condition.tested_on, condition.shots) == (tested_on, shots)


def test_a_table_of_version_0_1_keeps_its_numbers():
    table = old_table("mdat,target,0,0,", "mdat,query,5,0,1", "mdat,query,5,3,0")
    assert [(p.seed, p.draw) for p in table] == [(0, None), (0, 1), (3, 0)]
    assert [p.ids for p in table] == [("1", "2")] * 3
    assert table[0].speakers == ("s1", "s2")
    assert (table[0].truth.tolist(), table[0].predicted.tolist()) == ([1, 1], [0, 0])
    np.testing.assert_array_equal(table[0].probabilities, np.float32([[0.75, 0.25]] * 2))
