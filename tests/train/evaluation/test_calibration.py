"""One temperature for a model, and its cross-fitted test."""

import numpy as np
import pytest

from mdat_data.metrics import at_temperature, reliability
from mdat_data.splits.split import Split
from mdat_train.evaluation.calibration import LIMITS, cross_fitted, fit_temperature, out_of_fold
from mdat_train.runs.condition import FOLDS, HELD_OUT, SOURCE, Condition
from mdat_train.runs.predictions import Predictions
from mdat_train.runs.run import Training

Sample = tuple[np.ndarray, np.ndarray]


def sample(temperature: float, size: int = 4000, seed: int = 0) -> Sample:
    """Truth that is drawn from probabilities, and what a model with a wrong temperature says."""
    rng = np.random.default_rng(seed)
    true = rng.dirichlet([0.7] * 4, size=size)
    truth = (rng.random(size)[:, None] > true.cumsum(axis=1)).sum(axis=1).clip(max=3)
    return at_temperature(true, 1 / temperature).astype(np.float32), truth


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.6])
def test_the_temperature_of_a_sample_is_found(temperature):
    assert fit_temperature(*sample(temperature)) == pytest.approx(temperature, rel=0.07)


def test_no_other_temperature_has_a_higher_likelihood():
    probabilities, truth = sample(3.0)
    best = fit_temperature(probabilities, truth)
    near = [at_temperature(probabilities, factor * best) for factor in (1, 0.97, 1.03)]
    nll = [reliability(of, truth).nll for of in near]
    assert min(nll) == nll[0]


@pytest.mark.parametrize("number", [5, 20, 1000])
def test_a_few_predictions_that_are_all_right_are_no_reason_to_be_certain(number):
    right = np.tile([[0.9, 0.06, 0.04]], (number, 1)), np.zeros(number, int)
    certainty = at_temperature(right[0], fit_temperature(*right))[0, 0]
    assert certainty == pytest.approx((number + 1) / (number + 2), abs=0.002)


def test_a_class_that_the_training_lacked_changes_nothing():
    probabilities, truth = sample(2.0)
    probabilities = np.hstack([probabilities, np.zeros((len(truth), 1), np.float32)])
    impossible = np.tile(probabilities[:500], (2, 1)), np.full(1000, 4)
    more = [np.concatenate(pair) for pair in zip((probabilities, truth), impossible, strict=True)]
    assert fit_temperature(*more) == fit_temperature(probabilities, truth)
    assert fit_temperature(probabilities, truth) == pytest.approx(2.0, rel=0.07)


def test_the_temperature_is_within_limits():
    wrong = np.array([[0.1, 0.9]]), np.array([0])
    assert fit_temperature(*wrong) == pytest.approx(LIMITS[1], rel=0.01)
    assert fit_temperature(np.empty((0, 4)), np.empty(0, int)) == 1


def test_a_part_is_calibrated_by_the_others_alone():
    probabilities, truth = sample(2.0, size=90)
    parts = np.arange(90) % 3
    calibrated = cross_fitted(probabilities, truth, parts)
    changed = truth.copy()
    changed[parts == 1] = (changed[parts == 1] + 1) % 4
    again = cross_fitted(probabilities, changed, parts)
    np.testing.assert_array_equal(calibrated[parts == 1], again[parts == 1])
    assert not np.array_equal(calibrated[parts == 0], again[parts == 0])


def predictions(seed: int, tested_on: str = FOLDS) -> Predictions:
    probabilities, truth = sample(2.6, size=900, seed=seed)
    return Predictions(
        condition=Condition(model="mdat", trained_on=SOURCE, tested_on=tested_on, shots=0),
        seed=seed,
        draw=None,
        ids=tuple(map(str, range(900))),
        speakers=("a",) * 900,
        truth=truth,
        probabilities=probabilities,
    )


def folds(seed: int, number: int) -> list[Training]:
    return [
        Training(
            name=f"seed {seed}, fold {fold}",
            split=Split(train=(), test=tuple(map(str, range(fold, 900, number)))),
            history=(),
        )
        for fold in range(number)
    ]


def test_the_figures_of_a_fold_come_from_the_other_folds_of_its_seed():
    of = [predictions(0), predictions(1)]
    trainings = [
        *folds(0, 3),
        *folds(1, 5),
        Training(name="whole corpus", split=Split(train=()), history=()),
    ]
    found = out_of_fold(of, trainings)
    everything = [np.concatenate([getattr(p, n) for p in of]) for n in ("probabilities", "truth")]
    assert found.temperature == fit_temperature(*everything)
    assert found.utterances == 1800
    assert found.before.nll == reliability(*everything).nll
    expected = [
        cross_fitted(p.probabilities, p.truth, np.arange(900) % number)
        for p, number in zip(of, (3, 5), strict=True)
    ]
    assert found.after.nll == reliability(np.concatenate(expected), everything[1]).nll
    assert found.after.calibration_error < 0.5 * found.before.calibration_error


def test_a_single_held_out_set_is_divided():
    found = out_of_fold([predictions(0, HELD_OUT)], folds(0, 5)[:1])
    assert found.after.nll < found.before.nll
