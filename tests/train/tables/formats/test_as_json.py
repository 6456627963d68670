"""Tables as JSON."""

import json

import pytest
from toy_tables import RESULT, TABLE, UA

from mdat_train.tables.formats.as_json import json_document


def test_json_gives_the_numbers_back():
    document = json.loads(json_document([TABLE], ["urdu.h5"]))
    assert document["missing"] == ["urdu.h5"]
    (table,) = document["tables"]
    assert (table["number"], table["protocol"], table["transductive"]) == ("II", "strict", True)
    (row,) = table["rows"]
    assert row["corpus"] == "EMO_DB"
    cell = row["cells"]["BiLSTM"]
    assert cell["ours"]["ua"] == UA
    assert cell["ours"]["ua_of_each"] == [100 * metrics.ua for metrics in RESULT.per_run]
    assert cell["published"]["uncertain"] == "a doubt"
    assert cell["mdat_against_this"]["difference"] == pytest.approx(3.4)
    assert cell["change_to_model_1"] is None
    assert row["cells"]["MDAT"]["ours"] is None
    assert row["cells"]["SVM"]["published"] is None


def test_a_change_has_its_interval():
    (table,) = json.loads(json_document([TABLE], ()))["tables"]
    (changed,) = [
        cell["change_to_model_1"]
        for cell in table["rows"][0]["cells"].values()
        if cell["change_to_model_1"]
    ]
    assert changed["difference"] == pytest.approx(-1.25)
    assert changed["interval_95"] == pytest.approx([-3.1, 0.6])
