"""Conditions are records that can be compared and counted."""

from dataclasses import replace

import pytest

from mdat_train.runs.condition import ADAPTED, QUERY, SOURCE, SUPPORT, TARGET, Condition

ONE = Condition(model="mdat", trained_on=ADAPTED, tested_on=QUERY, shots=5)


@pytest.mark.parametrize(
    "changed", [{"model": "svm"}, {"trained_on": SUPPORT}, {"tested_on": TARGET}, {"shots": 10}]
)
def test_conditions_differ_in_every_field(changed):
    assert replace(ONE, **changed) != ONE
    assert len({ONE, replace(ONE), replace(ONE, **changed)}) == 2


def test_what_a_model_is_trained_on_has_three_names():
    assert len({SOURCE, ADAPTED, SUPPORT}) == 3
