"""The change of the UA, with an interval over speakers."""

from dataclasses import replace

import pytest
from toy_outcomes import outcome

from mdat_data.metrics import ua_interval
from mdat_train.evaluation.change import Change, change_of
from mdat_train.runs.condition import SOURCE, TARGET, Condition
from mdat_train.runs.predictions import PredictionTable
from mdat_train.runs.run import Run
from mdat_train.tables.plan.study import Study

CONDITION = Condition(model="mdat", trained_on=SOURCE, tested_on=TARGET, shots=0)
STUDY = Study(protocol="strict", source="iemocap", target="emodb", model="mdat")
FULL = outcome(STUDY).run
ABLATED = outcome(replace(STUDY, disable=("co",))).run


def of_one_speaker(run: Run) -> Run:
    table = tuple(replace(p, speakers=("s",) * len(p.ids)) for p in run.predictions)
    return replace(run, predictions=PredictionTable(run.classes, table))


def test_a_change_is_the_difference_of_the_mean_uas():
    change = change_of(ABLATED, FULL, CONDITION)
    means = [run.metrics_of(CONDITION).ua.mean for run in (ABLATED, FULL)]
    assert change.difference == pytest.approx(means[0] - means[1])
    assert change.difference < 0


def test_the_interval_is_that_of_the_difference():
    change = change_of(ABLATED, FULL, CONDITION)
    tested = [[p.tested for p in run.of(CONDITION)] for run in (ABLATED, FULL)]
    assert change.interval == ua_interval(tested[0], classes=4, seed=0, against=tested[1])
    assert change.interval.low < change.difference < change.interval.high


def test_the_interval_depends_on_the_resampling_seed():
    other = replace(FULL, config=replace(FULL.config, resampling_seed=1))
    intervals = [change_of(ABLATED, full, CONDITION).interval for full in (FULL, other)]
    assert intervals[0] != intervals[1]


def test_a_model_has_no_change_to_itself():
    change = change_of(FULL, FULL, CONDITION)
    assert (change.difference, change.interval.low, change.interval.high) == pytest.approx(
        (0, 0, 0)
    )


def test_a_single_speaker_has_no_interval():
    change = change_of(of_one_speaker(ABLATED), of_one_speaker(FULL), CONDITION)
    assert change == Change(difference=change.difference, interval=None)
