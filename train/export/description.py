"""What a model says about itself: the content of `model.json` and of the metadata of `model.onnx`.

docs/run_folder.md describes every field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from mdat_data import InputError
from mdat_data.cache import MODALITIES
from mdat_data.catalogue import entry
from mdat_data.metrics import BINS, Reliability
from mdat_train.config import TrainConfig
from mdat_train.evaluation.calibration import Calibration
from mdat_train.export.learned import Learned
from mdat_train.export.protocol import protocol
from mdat_train.inputs.scaling import Statistics
from mdat_train.runs.condition import ADAPTED, QUERY
from mdat_train.runs.records import metrics_record
from mdat_train.runs.run import Run

FORMAT, VERSION = "mdat-model", 1
PACKAGES = ("mdat-keras", "keras", "tensorflow", "tf2onnx", "onnx", "onnxruntime", "numpy")
UNKNOWN = "not known to mdat-keras: ask those who made the recordings"


def description(run: Run, learned: Learned, calibration: Calibration | None) -> dict[str, Any]:
    """Describe the model of a run.

    Args:
        run: The run, with a resolved configuration.
        learned: What the run does not record.
        calibration: The temperature; None where there is none.

    Returns:
        What JSON can hold.
    """
    config, encoded = run.config, list(run.provenance.values())[-1]
    streams = streams_of(run)
    return {
        "format": FORMAT,
        "version": VERSION,
        "model": config.model,
        "modality": config.modality,
        "classes": list(run.classes),
        "inputs": [name for stream in streams for name in (stream, f"{stream}_mask")],
        "speech": _encoder(encoded["speech"], config.speech_layer),
        "text": _encoder(encoded["text"], config.text_layer),
        "store": encoded.get("store", "float16"),
        "frames": config.frames,
        "frame_stride": config.frame_stride,
        "ignored": list(learned.ignored),
        "temperature": calibration.temperature if calibration else None,
        "calibration": _calibration(calibration) if calibration else None,
        "learned_from": {
            "corpora": _corpora(run),
            "languages": list(learned.languages),
            "utterances": run.utterances["source"],
            "shots": run.kept_condition.shots,
            "seed": config.first_seed,
            "draw": 0 if run.kept_condition.tested_on == QUERY else None,
            "merged": dict(config.merge),
        },
        "metrics": {
            "protocol": protocol(run),
            **metrics_record(run.metrics_of(run.kept_condition)),
        },
        "licences": {name: licence(name) for name in _names(run)},
        "warnings": sorted({warning for t in run.trainings for warning in t.warnings}),
        "parameters": run.parameters,
        "configuration": _configuration(config),
        "versions": _versions(),
        "standardisation": {
            "normalize": config.normalize,
            "recordings": learned.recordings,
            **{name: _numbers(learned.statistics[name]) for name in learned.statistics},
        },
    }


def _configuration(config: TrainConfig) -> dict[str, Any]:
    """The options of the run, with the names of files alone: a folder is private."""
    files = (*config.source, config.target, config.out)
    *sources, target, out = (path and path.name for path in files)
    return asdict(config) | {"source": sources, "target": target, "out": out}


def streams_of(run: Run) -> Sequence[str]:
    """The streams that the model of a run has inputs for."""
    return MODALITIES if run.config.modality == "both" else (run.config.modality,)


def licence(corpus: str) -> str:
    """What the module of a corpus says about its licence."""
    try:
        return entry(corpus).sections["Licence"]
    except InputError:  # a manifest or a database
        return UNKNOWN


def _encoder(made: Mapping[str, Any] | None, layer: str | None) -> dict[str, Any] | None:
    """How a stream was made, and the layer that is used; None where it was not encoded."""
    return {**made, "layer": layer} if made else None


def _calibration(of: Calibration) -> dict[str, Any]:
    def figures(values: Reliability) -> dict[str, float]:
        return {"calibration_error": values.calibration_error, "nll": values.nll}

    return {
        "fitted_on": of.fitted_on,
        "utterances": of.utterances,
        "warning": of.warning,
        "tested_on": of.tested_on,
        "bins": BINS,
        "before": figures(of.before),
        "after": figures(of.after),
    }


def _corpora(run: Run) -> list[dict[str, Any]]:
    """The features files that the model learned from."""
    made = list(run.provenance.values())  # sources first
    learned = [("source", of_one) for of_one in made[: len(run.config.source)]]
    if run.kept_condition.trained_on == ADAPTED:
        learned.append(("target", made[-1]))
    return [
        {"role": role, **{name: of_one[name] for name in ("corpus", "language", "digest")}}
        for role, of_one in learned
    ]


def _names(run: Run) -> list[str]:
    return sorted({of_one["corpus"] for of_one in _corpora(run)})


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # under another backend
            continue
    return found


def _numbers(of: Statistics) -> dict[str, list[float]]:
    """Mean and standard deviation with the nine digits that a float32 has."""
    return {
        "mean": [float(f"{value:.9g}") for value in np.asarray(of.mean)],
        "scale": [float(f"{value:.9g}") for value in np.asarray(of.scale)],
    }
