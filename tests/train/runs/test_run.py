"""The metrics of a run, computed from its predictions."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_run import RUN

from mdat_data import InputError
from mdat_data.metrics import MeanStd, compute_metrics, scores, ua_interval
from mdat_train.runs.condition import ADAPTED, SOURCE, SUPPORT
from mdat_train.runs.folder import read_run
from mdat_train.runs.predictions import PredictionTable

UNADAPTED, FINE_TUNED, CONTROL = RUN.conditions()


def test_conditions_are_in_the_order_of_their_first_test():
    of = [(c.trained_on, c.shots) for c in RUN.conditions()]
    assert of == [(SOURCE, 0), (ADAPTED, 5), (SUPPORT, 5)]


def test_a_condition_has_the_predictions_of_every_seed_and_draw():
    assert [(p.seed, p.draw) for p in RUN.of(FINE_TUNED)] == [(0, 0), (0, 1), (1, 0)]
    assert [len(RUN.of(condition)) for condition in RUN.conditions()] == [1, 3, 1]


def test_metrics_are_those_of_the_predictions():
    results = RUN.metrics()
    assert [result.condition for result in results] == RUN.conditions()
    expected = [compute_metrics(p.truth, p.predicted, RUN.classes) for p in RUN.of(FINE_TUNED)]
    assert list(results[1].per_run) == expected
    assert (results[1].speakers, results[1].chance) == (3, 1 / 3)
    assert RUN.metrics_of(FINE_TUNED) == results[1]


def test_metrics_are_computed_once_for_each_seed_of_the_resampling(monkeypatch):
    seeds = []
    plain = scores.ua_interval
    monkeypatch.setattr(
        scores, "ua_interval", lambda *a, seed, **k: seeds.append(seed) or plain(*a, seed=seed, **k)
    )
    of = replace(RUN, predictions=replace(RUN.predictions))
    first = of.metrics()
    assert seeds == [0] * 3
    elsewhere = replace(of, config=replace(of.config, out=Path("elsewhere")))
    assert elsewhere.metrics() == first
    assert elsewhere.metrics_of(FINE_TUNED) is first[1]
    other = replace(of, config=replace(of.config, resampling_seed=1))
    other.metrics_of(FINE_TUNED)
    fewer = replace(of, predictions=replace(of.predictions, items=of.predictions.items[:2]))
    assert fewer.metrics_of(FINE_TUNED).per_run == first[1].per_run[:1]
    assert seeds[3:] == [1, 0]
    assert RUN.metrics() == first


@pytest.mark.parametrize("name", ["ua", "wa", "macro_f1"])
def test_mean_and_deviation_by_hand(name):
    of_three, of_one = (getattr(RUN.metrics_of(c), name) for c in (FINE_TUNED, CONTROL))
    values = [getattr(metrics, name) for metrics in RUN.metrics_of(FINE_TUNED).per_run]
    mean = sum(values) / 3
    assert of_three.mean == pytest.approx(mean)
    assert of_three.std == pytest.approx((sum((v - mean) ** 2 for v in values) / 2) ** 0.5)
    assert of_three.std > 0
    assert of_one.std == 0


def test_a_single_value_has_no_deviation():
    assert MeanStd.of([0.5]) == MeanStd(mean=0.5, std=0.0)


def test_the_seed_of_the_resampling_decides_the_interval():
    rng = np.random.default_rng(0)
    many = replace(
        RUN.predictions[0],
        ids=tuple(map(str, range(80))),
        speakers=tuple(f"s{number % 20}" for number in range(80)),
        truth=rng.integers(3, size=80),
        probabilities=rng.dirichlet(np.ones(3), 80),
    )
    found = []
    for seed in (0, 1):
        config = replace(RUN.config, resampling_seed=seed)
        run = replace(RUN, config=config, predictions=PredictionTable(RUN.classes, (many,)))
        (result,) = run.metrics()
        assert result.interval == ua_interval([many.tested], classes=3, seed=seed)
        found.append(result.interval)
    assert found[0] != found[1]


def test_a_run_that_was_saved_is_read(tmp_path):
    out = tmp_path / "deep" / "run"
    RUN.save(str(out))
    read = read_run(str(out))
    assert read.config == replace(RUN.config, out=out)
    assert read.metrics() == RUN.metrics()
    assert read.model is None
    assert read.summary() == RUN.summary()


def test_a_folder_that_exists_is_not_overwritten(tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(InputError, match="must not exist, but does. Choose another folder"):
        RUN.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
