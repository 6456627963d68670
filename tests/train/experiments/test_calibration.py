"""What the temperature of an adapted model is fitted on, shown by a classifier that remembers."""

from pathlib import Path

import numpy as np
import pytest
from remembering_classifier import RememberingClassifier, recorder
from toy_features import selection, utterance, utterances

from mdat_train.evaluation.calibration import Calibration
from mdat_train.experiments.calibration import calibrated_transfer, count_calibrations
from mdat_train.experiments.recorder import Recorder
from mdat_train.experiments.transfer import run_transfer
from mdat_train.inputs.scales import Scale
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import ADAPTED

SOURCE = selection(utterances(speakers=5, clips=2), seed=1)
TARGET = selection(utterances(speakers=6, clips=3), seed=2)


class Unsure(RememberingClassifier):
    """Gives the true class 0.7, but for every third utterance of a selection to the next one."""

    def predict(self, fitted, selection: Selection) -> np.ndarray:
        super().predict(fitted, selection)
        said = (selection.labels + (np.arange(len(selection)) % 3 == 2)) % 4
        return np.full((len(said), 4), 0.1, np.float32) + 0.6 * np.eye(4, dtype=np.float32)[said]


def calibrated(source: Selection = SOURCE, **options) -> tuple[Calibration, Recorder, Unsure]:
    of, _ = recorder(**{"target": Path("t.h5"), "seeds": 2, "shot_draws": 2} | options)
    of.classifier = Unsure()
    kept = run_transfer(of, source, Scale(TARGET, "train"))
    before = len(of.trainings)
    of.classifier.fitted.clear()
    of.classifier.continued.clear()
    of.classifier.predicted.clear()
    found = calibrated_transfer(of, source, kept)
    assert len(of.trainings) - before == count_calibrations(of.config)
    return found, of, of.classifier


def test_a_fold_of_the_support_is_predicted_by_a_model_of_the_others():
    found, of, classifier = calibrated(shots=(2, 5))
    (kept,) = [t for t in of.trainings if t.name == "seed 0, draw 0, 5 shots, MDAT"]
    tested = [selection for _, selection in classifier.predicted]
    assert sorted(id for part in tested for id in part.ids) == sorted(kept.split.train)
    assert [len(part) for part in tested] == [4] * 5
    assert all({u.emotion for u in part.utterances} == {*TARGET.classes} for part in tested)
    for (fitted, support, _), part in zip(classifier.continued, tested, strict=True):
        assert sorted((*support.ids, *part.ids)) == sorted(kept.split.train)
        assert sorted(fitted.state) == sorted(SOURCE.ids)  # before it was adapted
    assert (found.utterances, found.warning) == (20, "")
    assert found.fitted_on == "a cross-validation inside the support set"


def test_its_figures_are_of_the_query_set_of_the_model_that_is_kept():
    found, of, _ = calibrated(shots=(5,))
    query = next(p for p in of.predictions if p.condition.trained_on == ADAPTED)
    assert (query.seed, query.draw) == (0, 0)
    assert found.before.counts.sum() == found.after.counts.sum() == len(query.ids)
    assert found.before.confidence.max() == pytest.approx(0.7)
    assert found.tested_on == "the query utterances of its test"


@pytest.mark.parametrize("shots", [(0,), (4,)])
def test_with_few_shots_it_is_the_temperature_of_the_source(shots):
    found, _, classifier = calibrated(shots=shots)
    ((fitted, held_out),) = classifier.predicted
    assert not {*held_out.ids} & {*fitted.state}
    assert {*held_out.ids, *fitted.state} == {*SOURCE.ids}
    of_training = {u.speaker for u in SOURCE.of(fitted.state).utterances}
    assert not {u.speaker for u in held_out.utterances} & of_training
    assert found.fitted_on == "held-out speakers of the source"
    assert "fewer than 5 labelled utterances per class" in found.warning


def test_where_no_speaker_can_be_held_out_nothing_is_calibrated():
    lonely = selection([utterance(f"{i} {e}", e, "she") for e in TARGET.classes for i in range(3)])
    of, _ = recorder(shots=(0,))
    kept = run_transfer(of, lonely, Scale(TARGET, "train"))
    found = calibrated_transfer(of, lonely, kept)
    assert (found.temperature, found.utterances) == (1, 0)
    assert "not calibrated" in found.warning


def test_trainings_of_the_calibration_are_recorded_without_warnings():
    _, of, _ = calibrated(shots=(5,), split="random")
    own = [t for t in of.trainings if t.name.startswith("calibration")]
    assert [t.name for t in own] == [f"calibration, fold {number}" for number in range(5)]
    assert all(t.split.test and not t.warnings for t in own)


def test_a_model_that_is_not_saved_is_not_calibrated():
    of, _ = recorder(model="svm", shots=(5,), target=Path("t.h5"))
    assert count_calibrations(of.config) == 0
