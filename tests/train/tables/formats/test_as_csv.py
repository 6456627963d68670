"""Tables as CSV."""

import csv
import io

import pytest
from toy_tables import TABLE, UA

from mdat_train.tables.formats.as_csv import csv_table


def test_csv_gives_the_numbers_back():
    first, second, third, last = csv.DictReader(io.StringIO(csv_table(TABLE)))
    assert (first["corpus"], first["column"], first["transductive"]) == ("EMO_DB", "BiLSTM", "yes")
    assert float(first["ua"]) == pytest.approx(UA, abs=0.005)
    assert (first["low"], first["high"], first["scores"], first["speakers"]) == (
        *("72.49", "90.00", "2", "6"),
    )
    assert (first["published"], first["uncertain"], first["difference"]) == (
        *("75.58", "a doubt", "2.00"),
    )
    assert (first["mdat_minus_this"], first["p"], first["corrected_p"]) == (
        *("3.40", "0.03125", "0.0625"),
    )
    assert (second["ua"], second["published"]) == ("", "84.50")
    assert (third["low"], third["change_to_model_1"]) == ("", "-1.25")
    assert (third["change_low"], third["change_high"]) == ("-3.10", "0.60")
    assert not any(last[name] for name in ("ua", "speakers", "published", "p", "change_low"))
