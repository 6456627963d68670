"""From features files to a finished run: what the command and the Python interface call."""

import warnings
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from mdat_train.classifiers import backend
from mdat_train.classifiers.build import build_classifier
from mdat_train.classifiers.classifier import Classifier, Fitted
from mdat_train.classifiers.models import MODELS
from mdat_train.config import AnyPath, TrainConfig, TrainOptions, make_config
from mdat_train.experiments.cross_validation import count_folds, fit_whole, run_folds
from mdat_train.experiments.recorder import Progress, Recorder, silent
from mdat_train.experiments.transfer import count_transfer, run_transfer
from mdat_train.inputs.facts import facts_of
from mdat_train.inputs.loading import TrainingData, load
from mdat_train.runs.claim import claimed
from mdat_train.runs.folder import save_run
from mdat_train.runs.predictions import PredictionTable
from mdat_train.runs.run import Run, TrainedModel

if TYPE_CHECKING:
    from mdat_train.classifiers.compiled_models import CompiledModels


def cross_validate(
    source: AnyPath | Iterable[AnyPath],
    *,
    progress: Progress = silent,
    **options: Unpack[TrainOptions],
) -> Run:
    """Test a model within a corpus: every utterance by a model that was not trained on its fold.

    Args:
        source: A features file, or several that are used together.
        progress: Opens the display of each training; by default nothing is shown.
        **options: Fields of `TrainConfig`, such as `model="mdat"` and `seeds=3`.

    Returns:
        The run; it is written by `Run.save`, or at once with `out=`.

    Raises:
        InputError: A file or an option cannot be used.
    """
    return run_and_save(make_config(source, **options), progress)


def transfer(
    source: AnyPath | Iterable[AnyPath],
    target: AnyPath,
    *,
    progress: Progress = silent,
    **options: Unpack[TrainOptions],
) -> Run:
    """Train on the source, test on the target, and adapt with a few labelled utterances of it.

    Args:
        source: A features file to train on, or several.
        target: The features file to test on and to adapt to.
        progress: Opens the display of each training; by default nothing is shown.
        **options: Fields of `TrainConfig`, such as `shots=[0, 5, 15]`.

    Returns:
        The run; it is written by `Run.save`, or at once with `out=`.

    Raises:
        InputError: A file or an option cannot be used.
    """
    return run_and_save(make_config(source, target, **options), progress)


def run_experiment(
    data: TrainingData,
    progress: Progress,
    *,
    models: "CompiledModels | None" = None,
    keep_model: bool = True,
) -> Run:
    """Train and test.

    Args:
        data: What to train on and to test on.
        progress: Shows the trainings.
        models: Compiled models of earlier runs in this process; None compiles new ones.
        keep_model: Train within a corpus also on all of it, and keep the model. A cell of a table
            needs none.

    Returns:
        The run; nothing is written.

    Raises:
        InputError: The corpus cannot be divided with these options, or the model has no such
            options.
    """
    if keep_model and MODELS[data.config.model].can_be_saved:
        backend.find()  # the linear classifier needs it only where its model is saved
    recorder = Recorder(_classifier(data, models), data.config, progress, data.warnings)
    fitted: Fitted | None = None
    if data.target is not None:
        fitted = run_transfer(recorder, data.source, data.target)
    else:
        run_folds(recorder, data.source)
        if keep_model:
            fitted = fit_whole(recorder, data.source)
    selections = {"source": data.source, "target": data.target}
    predictions = PredictionTable(data.config.classes, tuple(recorder.predictions))
    return Run(
        config=data.config,
        provenance=data.provenance,
        classes=data.config.classes,
        utterances={role: len(s) for role, s in selections.items() if s is not None},
        parameters=recorder.classifier.parameters,
        trainings=recorder.trainings,
        predictions=predictions.with_facts(facts_of((data.target or data.source).utterances)),
        model=_kept(data, recorder, fitted) if keep_model else None,
    )


def count_trainings(config: TrainConfig, *, keep_model: bool = True) -> int:
    """Number of models that `run_experiment` trains."""
    if config.target is not None:
        return count_transfer(config)
    return count_folds(config) + keep_model


def run_and_save(config: TrainConfig, progress: Progress) -> Run:
    """Run an experiment, and write its folder where the configuration names one.

    Args:
        config: The configuration, as the user gave it.
        progress: Shows the trainings.

    Returns:
        The run.

    Raises:
        InputError: A file or an option cannot be used, or `config.out` exists, or another process
            writes it.
    """
    if config.out is None:
        return run_experiment(load(config), progress)
    with claimed(config.out) as out:
        run = run_experiment(load(config), progress)
        for warning in save_run(run, out).warnings:
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


def _kept(data: TrainingData, recorder: Recorder, fitted: Fitted | None) -> TrainedModel | None:
    """The model of a run, where it can be saved."""
    if fitted is None or not MODELS[data.config.model].can_be_saved:
        return None
    save = partial(recorder.classifier.save, fitted, statistics=data.statistics)
    return TrainedModel(save=save, description=_description(data))


def _description(data: TrainingData) -> dict[str, Any]:
    """What using the model on new recordings needs."""
    of_tested = list(data.provenance.values())[-1]
    return {
        "classes": data.config.classes,
        "speech": _read(of_tested["speech"], data.config.speech_layer),
        "text": _read(of_tested["text"], data.config.text_layer),
        "frames": data.config.frames,
    }


def _read(made: Mapping[str, Any] | None, layer: str | None) -> dict[str, Any] | None:
    """How a stream was made, and the layer that is used; None where it was not encoded."""
    return {**made, "layer": layer} if made else None
