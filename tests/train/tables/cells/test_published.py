"""The paper's numbers are the printed ones, and uncertain ones are marked."""

import pytest

from mdat_train.tables.cells.published import (
    Published,
    corpus,
    features,
    notes,
    published,
    rows,
    title,
)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("II", "emodb", "bilstm"), 81.0),
        (("III", "Yoon et al. (2018)", "ua"), 48.7),
        (("IV", "iemocap->emovo", "mdat"), 85.51),
        (("IV", "emovo->urdu", "hcam"), 58.92),
        (("V", "emovo->emodb", "15", "mdat"), 94.23),
        (("V", "urdu->iemocap", "15", "bilstm"), 46.67),
        (("VI", "7", "emovo"), 30.91),
    ],
)
def test_a_number_is_the_printed_one(place, value):
    assert published(*place) == Published(value=value)


def test_what_the_paper_does_not_have_is_none():
    assert published("II", "emodb", "svm") is None
    assert published("V", "iemocap->emodb", "20", "mdat") is None


def test_an_uncertain_number_has_a_reason_and_a_preferred_value():
    cell = published("V", "iemocap->emodb", "0", "mdat")
    assert (cell.value, cell.preferred, cell.reference) == (48.48, 42.48, 42.48)
    assert cell.alternatives == (42.48,)
    assert cell.uncertain == "Tables IV and VI and the text give 42.48"


def test_an_uncertain_number_without_a_preferred_value_is_used_as_printed():
    cell = published("V", "urdu->emovo", "0", "mdat")
    assert (cell.reference, cell.alternatives) == (76.21, (67.66,))


@pytest.mark.parametrize(
    ("table", "count"), [("II", 4), ("III", 13), ("IV", 12), ("V", 12), ("VI", 7)]
)
def test_every_table_has_its_rows(table, count):
    assert len(rows(table)) == count
    assert title(table)


def test_seven_zero_shot_cells_disagree_with_table_four():
    disagreeing = [
        (pair, model)
        for pair in rows("V")
        for model in ("bilstm", "mdat")
        if published("V", pair, "0", model).value != published("IV", pair, model).value
    ]
    assert len(disagreeing) == 7
    assert all(published("V", pair, "0", model).uncertain for pair, model in disagreeing)


@pytest.mark.parametrize(
    ("model", "row"),
    [("bilstm", "Baseline"), ("mdat", "MDAT"), ("hcam", "Dutta et al. (2023)")],
)
def test_tables_two_and_three_agree_on_iemocap(model, row):
    assert published("II", "iemocap", model).value == published("III", row, "ua").value


def test_corpora_and_features_are_the_printed_ones():
    assert (corpus("emodb").classes, corpus("emodb").utterances) == (7, 420)
    assert features("Sun et al. (2021)") == ("CNN + LSTM", "BiLSTM")
    assert "k/207" in notes("VI")[0]
