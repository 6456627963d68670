"""The whole way from what is learned from to a run folder."""

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from mdat_keras import PRESETS
from mdat_train.baseline import Baseline
from mdat_train.config import DISABLE
from mdat_train.experiment import Experiment, Progress
from mdat_train.figures import draw_figures
from mdat_train.material import Material
from mdat_train.network import Network
from mdat_train.run import Run
from mdat_train.run_folder import write_run
from mdat_train.system import System


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
    system = _system(material)
    experiment = Experiment(system, config, progress)
    if material.target is None:
        final = experiment.within(material.source)
    else:
        final = experiment.across(material.source, material.target)
    finished = Run(
        config=json.loads(json.dumps(asdict(config), default=str)),
        provenance=material.provenance,
        classes=config.classes,
        trainings=experiment.trainings,
        predictions=experiment.predictions,
    )
    temporary = config.out.with_name(f"{config.out.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)  # of a run that was killed
    temporary.mkdir(parents=True)
    try:
        write_run(finished, temporary)
        draw_figures(finished, temporary)
        if isinstance(system, Network):
            system.save(final, temporary / "model.keras", statistics=material.statistics)
            _describe_model(material, temporary / "model.json")
        temporary.rename(config.out)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return finished


def _system(material: Material) -> System:
    config, source = material.config, material.source
    if config.model != "mdat":
        return Baseline(config.model, standardize=config.normalize != "none")
    width = source.speech[0].shape[-1]
    of_one_layer = next(iter(material.provenance.values()))["speech"]["dim"]
    disabled: dict[str, Any] = {DISABLE[name]: False for name in config.disable}
    model = replace(
        PRESETS[config.preset],
        classes=len(config.classes),
        standardize=config.normalize != "none",
        speech_layers=width // of_one_layer,
        **disabled,
    )
    return Network(model, width, source.text[0].shape[-1], config)


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
