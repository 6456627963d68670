"""From features files to a finished run: what the command and the Python interface call."""

import warnings
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Unpack

from mdat_train.classifiers import backend
from mdat_train.classifiers.build import build_classifier
from mdat_train.classifiers.classifier import Classifier, Fitted
from mdat_train.classifiers.models import MODELS
from mdat_train.config import AnyPath, TrainConfig
from mdat_train.evaluation.calibration import Calibration, out_of_fold
from mdat_train.experiments.adapting import Transferred
from mdat_train.experiments.calibration import calibrated_transfer, count_calibrations
from mdat_train.experiments.cross_validation import count_folds, fit_whole, run_folds
from mdat_train.experiments.kept_trainings import KeptTrainings
from mdat_train.experiments.recorder import Progress, Recorder, silent
from mdat_train.experiments.transfer import count_transfer, run_transfer
from mdat_train.experiments.use import count_use, run_use
from mdat_train.export.kept_model import TrainedModel
from mdat_train.export.learned import learned_from
from mdat_train.inputs.facts import facts_of
from mdat_train.inputs.loading import TrainingData, load
from mdat_train.inputs.scales import Scaled
from mdat_train.make_config import TrainOptions, make_config
from mdat_train.runs.claim import claimed
from mdat_train.runs.condition import ADAPTED
from mdat_train.runs.folder import save_run
from mdat_train.runs.predictions import PredictionTable
from mdat_train.runs.run import Run

if TYPE_CHECKING:
    from mdat_train.classifiers.compiled_models import CompiledModels


def cross_validate(
    source: AnyPath | Iterable[AnyPath],
    *,
    progress: Progress = silent,
    export: bool = True,
    **options: Unpack[TrainOptions],
) -> Run:
    """Test a model within a corpus: every utterance by a model that was not trained on its fold.

    Args:
        source: A features file, or several that are used together.
        progress: Opens the display of each training; by default nothing is shown.
        export: With `out=`, write `model.onnx` too.
        **options: Fields of `TrainConfig`, such as `model="mdat"` and `seeds=3`.

    Returns:
        The run; it is written by `Run.save`, or at once with `out=`.

    Raises:
        InputError: A file or an option cannot be used.
    """
    return run_and_save(make_config(source, **options), progress, export=export)


def transfer(
    source: AnyPath | Iterable[AnyPath],
    target: AnyPath,
    *,
    progress: Progress = silent,
    export: bool = True,
    **options: Unpack[TrainOptions],
) -> Run:
    """Train on the source, test on the target, and adapt with a few labelled utterances of it.

    Args:
        source: A features file to train on, or several.
        target: The features file to test on and to adapt to.
        progress: Opens the display of each training; by default nothing is shown.
        export: With `out=`, write `model.onnx` too.
        **options: Fields of `TrainConfig`, such as `shots=[0, 5, 15]`.

    Returns:
        The run; it is written by `Run.save`, or at once with `out=`.

    Raises:
        InputError: A file or an option cannot be used.
    """
    return run_and_save(make_config(source, target, **options), progress, export=export)


def run_experiment(
    data: TrainingData,
    progress: Progress,
    *,
    models: "CompiledModels | None" = None,
    kept: KeptTrainings | None = None,
    keep_model: bool = True,
) -> Run:
    """Train and test.

    Args:
        data: What to train on and to test on.
        progress: Shows the trainings.
        models: Compiled models of earlier runs in this process; None compiles new ones.
        kept: Trainings that other transfers share; None trains everything.
        keep_model: Train within a corpus also on all of it, and keep the model. A cell of a table
            needs none.

    Returns:
        The run; nothing is written.

    Raises:
        InputError: The corpus cannot be divided with these options, or the model has no such
            options.
    """
    keep_model = keep_model and MODELS[data.config.model].can_be_saved
    if keep_model:
        backend.find()  # the linear classifier needs it only where its model is saved
    recorder = Recorder(_classifier(data, models), data.config, progress, data.warnings)
    if data.target is not None:
        recorder.kept = kept
        experiment = run_use if data.config.adapts_to_all else run_transfer
        transferred = experiment(recorder, data.source, data.scale)
        model = _of_transfer(data, recorder, transferred) if keep_model else None
    else:
        run_folds(recorder, data.source)
        model = _of_corpus(data, recorder) if keep_model else None
    selections = {"source": data.source, "target": data.target}
    predictions = PredictionTable(data.config.classes, tuple(recorder.predictions))
    return Run(
        config=data.config,
        provenance=data.provenance,
        classes=data.config.classes,
        utterances={role: len(s) for role, s in selections.items() if s is not None},
        parameters=recorder.classifier.parameters,
        trainings=recorder.trainings,
        choices={name: choice for name, (_, choice) in recorder.chosen.items()},
        predictions=predictions.with_facts(facts_of((data.target or data.source).utterances)),
        model=model,
    )


def count_trainings(config: TrainConfig, *, keep_model: bool = True) -> int:
    """Number of models that `run_experiment` trains."""
    if config.adapts_to_all:
        return count_use(config)
    if config.target is not None:
        return count_transfer(config) + keep_model * count_calibrations(config)
    return count_folds(config) + (keep_model and MODELS[config.model].can_be_saved)


def run_and_save(config: TrainConfig, progress: Progress, *, export: bool = True) -> Run:
    """Run an experiment, and write its folder where the configuration names one.

    Args:
        config: The configuration, as the user gave it.
        progress: Shows the trainings.
        export: Write `model.onnx` too.

    Returns:
        The run.

    Raises:
        InputError: A file or an option cannot be used, or `config.out` exists, or another process
            writes it.
    """
    if config.out is None:
        return run_experiment(load(config), progress)
    if MODELS[config.model].can_be_saved:
        backend.find(export=export)
    with claimed(config.out) as out:
        run = run_experiment(load(config), progress)
        saved = save_run(run, out, export=export)
    for warning in (*saved.warnings, *filter(None, [saved.failure])):
        warnings.warn(warning, stacklevel=3)
    return run


def _classifier(data: TrainingData, models: "CompiledModels | None") -> Classifier:
    return build_classifier(
        data.config,
        speech_dim=data.source.speech[0].shape[-1],
        text_dim=data.source.text[0].shape[-1],
        models=models,
        speech_layers=data.speech_layers,
    )


def _of_corpus(data: TrainingData, recorder: Recorder) -> TrainedModel:
    """The model of all utterances of a corpus."""
    calibration = out_of_fold(recorder.predictions, recorder.trainings)
    fitted = fit_whole(recorder, data.source)
    corpus = data.scale.scaled(data.scale.corpus.ids)
    return _trained(data, recorder, fitted, calibration, corpus)


def _of_transfer(data: TrainingData, recorder: Recorder, kept: Transferred) -> TrainedModel:
    """The adapted model of a transfer."""
    if data.config.adapts_to_all:
        adapted = [p for p in recorder.predictions if p.condition.trained_on == ADAPTED]
        calibration = out_of_fold(adapted, recorder.trainings)
    else:
        calibration = calibrated_transfer(recorder, data.source, kept)
    return _trained(data, recorder, kept.fitted, calibration, kept.target, support=kept.support)


def _trained(
    data: TrainingData,
    recorder: Recorder,
    fitted: Fitted,
    calibration: Calibration,
    corpus: Scaled,
    *,
    support: tuple[str, ...] = (),
) -> TrainedModel:
    statistics = data.statistics(corpus)
    return TrainedModel(
        save=partial(recorder.classifier.save, fitted, statistics=statistics),
        learned=learned_from(data, corpus, support),
        calibration=calibration,
    )
