"""The whole way from what is learned from to a run folder."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mdat_data.process.output import whole_folder
from mdat_train.classifiers.classifier import System
from mdat_train.classifiers.keras_classifier import Network
from mdat_train.classifiers.models import system_of
from mdat_train.experiments.experiment import Experiment, Progress
from mdat_train.inputs.loading import Material
from mdat_train.runs.figures import draw_figures
from mdat_train.runs.folder import write_run
from mdat_train.runs.run import Run


def run(material: Material, progress: Progress) -> Run:
    """Train, test, and write the folder of the run, which appears as a whole.

    Args:
        material: What to learn from and to test on.
        progress: Shows the trainings.

    Returns:
        The run; its folder is `material.config.out`.

    Raises:
        InputError: The corpus cannot be divided as asked.
    """
    config = material.config
    experiment = Experiment(_system(material), config, progress)
    if material.target is None:
        final = experiment.within(material.source)
    else:
        final = experiment.across(material.source, material.target)
    finished = _finished(material, experiment)
    with whole_folder(config.out) as folder:
        write_run(finished, folder)
        draw_figures(finished, folder)
        if isinstance(experiment.system, Network):
            experiment.system.save(final, folder / "model.keras", statistics=material.statistics)
            _describe_model(material, folder / "model.json")
    return finished


def tested(material: Material, progress: Progress) -> Run:
    """Train and test, without a model to keep: what a cell of a table takes.

    Args:
        material: What to learn from and to test on.
        progress: Shows the trainings.

    Returns:
        The run; nothing is written.

    Raises:
        InputError: The corpus cannot be divided as asked.
    """
    experiment = Experiment(_system(material), material.config, progress)
    if material.target is None:
        experiment.folds(material.source)
    else:
        experiment.across(material.source, material.target)
    return _finished(material, experiment)


def _system(material: Material) -> System:
    width = material.source.speech[0].shape[-1]
    of_one_layer = next(iter(material.provenance.values()))["speech"]["dim"]
    return system_of(
        material.config,
        speech_dim=width,
        text_dim=material.source.text[0].shape[-1],
        speech_layers=width // of_one_layer,
    )


def _finished(material: Material, experiment: Experiment) -> Run:
    selections = {"source": material.source, "target": material.target}
    return Run(
        config=as_json(asdict(material.config)),
        provenance=material.provenance,
        classes=material.config.classes,
        utterances={role: len(s) for role, s in selections.items() if s is not None},
        parameters=experiment.system.parameters,
        trainings=experiment.trainings,
        predictions=experiment.predictions,
    )


def as_json(value: Any) -> Any:
    """A value as JSON knows it; paths become words."""
    return json.loads(json.dumps(value, default=str))


def _describe_model(material: Material, path: Path) -> None:
    """Write what using the model on new recordings takes, beside the model."""
    of_tested = list(material.provenance.values())[-1]
    description = {
        "classes": material.config.classes,
        "speech": of_tested["speech"] | {"layer": material.config.speech_layer},
        "text": of_tested["text"] | {"layer": of_tested["text"]["layers"][-1]},
        "frames": material.config.frames,
    }
    path.write_text(json.dumps(description, indent=1) + "\n")
