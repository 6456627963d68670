"""Writes `model.onnx` of a run that is finished."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mdat_data import InputError
from mdat_data.cache import MODALITIES
from mdat_data.process import checksum
from mdat_data.process.lock import exclusive
from mdat_data.process.output import remove_leftovers, whole_file
from mdat_train.classifiers import backend
from mdat_train.evaluation.calibration import Calibration, out_of_fold
from mdat_train.export.description import VERSION, description
from mdat_train.export.kept_model import ExportError, onnx_file
from mdat_train.export.learned import Learned
from mdat_train.export.model_card import model_card
from mdat_train.inputs.scaling import Statistics
from mdat_train.runs.condition import FOLDS, HELD_OUT
from mdat_train.runs.folder import read_run
from mdat_train.runs.run import Run

__all__ = ["ExportError", "export_run"]

SAVED = "model.keras"
CARD = "MODEL_CARD.md"


def export_run(folder: Path) -> Path:
    """Write `model.onnx` of a run that lacks it, or write it again.

    A missing `MODEL_CARD.md` is written too. A run of an early version also gets the `model.json`
    of this one, with its card, as far as its files tell what they need.

    Args:
        folder: The folder of the run.

    Returns:
        The ONNX file.

    Raises:
        InputError: It is no run, it has no model, or Keras does not run on TensorFlow.
        ExportError: The ONNX model does not give the numbers of the Keras model.
    """
    if backend.name() != backend.EXPORTER:
        raise InputError(
            f"--export needs Keras on TensorFlow; got {backend.name()}. Set "
            f"KERAS_BACKEND={backend.EXPORTER}."
        )
    backend.find(export=True)
    run = read_run(folder)
    _check_model(folder)
    with exclusive(folder):
        remove_leftovers(folder)
        described = _described(folder)
        files = {}
        if described.get("version") != VERSION:
            described = description(run, _learned(run), _calibration(run))
            files["model.json"] = json.dumps(described, indent=1, ensure_ascii=False, default=str)
        if files or not (folder / CARD).exists():
            files[CARD] = model_card(run, described)
        onnx = onnx_file(folder / SAVED, run, described, _statistics(described))
        _write(folder / "model.onnx", onnx)
        for name, text in files.items():
            _write(folder / name, text.encode())
        _write(folder / checksum.NAME, checksum.checksum(folder).encode())
    return folder / "model.onnx"


def _check_model(folder: Path) -> None:
    if not os.path.lexists(folder / SAVED):
        raise InputError(
            f"{folder} must have {SAVED} to be exported, but it is missing. A run of a model that "
            "cannot be saved has none; make others again with mdat-train."
        )
    damaged = checksum.exists(folder) and checksum.damage(folder, [SAVED])
    if damaged:
        raise InputError(
            f"{folder} must be a run as it was written, but {damaged}. Restore it from a copy, or "
            "make it again."
        )


def _described(folder: Path) -> dict[str, Any]:
    """What `model.json` says; empty where it is missing or damaged."""
    try:
        return dict(json.loads((folder / "model.json").read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError):
        return {}


def _learned(run: Run) -> Learned:
    languages = {word for made in run.provenance.values() for word in made["language"].split(",")}
    return Learned(languages=tuple(sorted(languages)))


def _calibration(run: Run) -> Calibration | None:
    """The temperature, where the predictions of the run tell it."""
    condition = run.kept_condition
    if condition.tested_on not in (FOLDS, HELD_OUT):
        return None
    return out_of_fold(run.of(condition), run.trainings)


def _statistics(described: Mapping[str, Any]) -> dict[str, Statistics]:
    found = {name: described["standardisation"].get(name) for name in MODALITIES}
    return {
        name: Statistics(*(np.array(of[key], np.float32) for key in ("mean", "scale")))
        for name, of in found.items()
        if of
    }


def _write(path: Path, content: bytes) -> None:
    with whole_file(path) as file:
        file.write(content)
