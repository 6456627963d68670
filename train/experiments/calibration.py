"""The temperature of an adapted model, from utterances that the predicting model did not learn."""

import numpy as np

from mdat_data.metrics import at_temperature, reliability
from mdat_data.splits.split import Split
from mdat_train.classifiers.models import MODELS
from mdat_train.config import TrainConfig
from mdat_train.evaluation.calibration import Calibration, fit_temperature
from mdat_train.experiments.adapting import Transferred, adapting
from mdat_train.experiments.recorder import Recorder
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import SUPPORT
from mdat_train.runs.predictions import Predictions
from mdat_train.splits.folds import stratified, with_validation

FOLDS = 5
"""Number of folds inside the support set, and lowest number of shots that they need."""

OF_SOURCE = (
    "the temperature is that of the source, because there are fewer than "
    f"{FOLDS} labelled utterances per class of the target; probabilities in another language are "
    "usually too high then. Give more --shots."
)
NONE = (
    "the probabilities are not calibrated: no speakers (or sessions) of the source that have every "
    "class could be held out. Give more --shots."
)


def calibrated_transfer(recorder: Recorder, source: Selection, kept: Transferred) -> Calibration:
    """Find the temperature of the model that a transfer keeps.

    With at least five labelled utterances per class it is that of a cross-validation inside the
    support set: each fold is predicted by a model that was adapted to the others. Else it is that
    of the source: a fifth of its speakers is predicted by a model of the others.

    Args:
        recorder: Trains the classifier, and has the predictions of the transfer.
        source: The utterances that were trained on.
        kept: The model.

    Returns:
        The temperature. Its figures are of the test utterances of the model, which it was not
        fitted on.
    """
    if recorder.config.numbers_of_shots[-1] >= FOLDS:
        fitted_on, warning = "a cross-validation inside the support set", ""
        probabilities, truth = _within_support(recorder, source, kept)
    else:
        fitted_on, warning = "held-out speakers of the source", OF_SOURCE
        probabilities, truth = _held_out(recorder, source)
    if not len(truth):
        fitted_on, warning = "nothing", NONE
    temperature = fit_temperature(probabilities, truth)
    tested = _tested(recorder)
    return Calibration(
        temperature=temperature,
        fitted_on=fitted_on,
        utterances=len(truth),
        tested_on=f"the {tested.condition.tested_on} utterances of its test",
        before=reliability(tested.probabilities, tested.truth),
        after=reliability(at_temperature(tested.probabilities, temperature), tested.truth),
        warning=warning,
    )


def count_calibrations(config: TrainConfig) -> int:
    """Number of models that `calibrated_transfer` trains, at most."""
    if config.target is None or not MODELS[config.model].can_be_saved:
        return 0
    return FOLDS if config.numbers_of_shots[-1] >= FOLDS else 1


def _within_support(
    recorder: Recorder, source: Selection, kept: Transferred
) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (N, C) and truth (N,) of the support set."""
    seed = recorder.config.first_seed
    support = kept.target.selection.of(kept.support)
    probabilities = np.empty((len(support), len(support.classes)))
    for number, split in enumerate(stratified(support.utterances, folds=FOLDS, seed=seed)):
        others = support.of(split.train)
        fit = adapting(
            recorder,
            kept.adaptation,
            fitted=kept.of_source,
            source=source,
            support=others,
            seed=seed,
        )
        name = f"calibration, fold {number}"
        fitted = recorder.train(name, split, support, fit, checked=False)
        rows = np.isin(support.ids, split.test)
        probabilities[rows] = recorder.classifier.predict(fitted, support.of(split.test))
    return probabilities, support.labels


def _held_out(recorder: Recorder, source: Selection) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (N, C) and truth (N,) of some speakers of the source; N may be 0."""
    seed = recorder.config.first_seed
    split = with_validation(Split(train=source.ids), source.utterances, seed=seed)
    tested = source.of(split.validation)
    if not split.validation:
        return np.empty((0, len(source.classes))), tested.labels
    split = Split(train=split.train, test=split.validation)
    fitted = recorder.fit("calibration", source, split, seed, checked=False)
    return recorder.classifier.predict(fitted, tested), tested.labels


def _tested(recorder: Recorder) -> Predictions:
    """The predictions of the model itself: of the first seed and the first draw."""
    own = [p for p in recorder.predictions if p.condition.trained_on != SUPPORT]
    return next(p for p in own if p.condition == own[-1].condition)
