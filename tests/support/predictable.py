"""A run folder of a model with random weights that decide, for a features file."""

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import onnx
from small_networks import MODELS

from mdat_data import open_features
from mdat_data.batches import batches
from mdat_data.cache import FeaturesFile
from mdat_data.metrics import at_temperature
from mdat_keras import build_model
from mdat_train.classifiers.compiled_models import set_statistics
from mdat_train.export.onnx_model import load_with_attention, to_onnx
from mdat_train.inputs.scaling import Statistics

CLASSES = ("angry", "happy", "sad")
TEMPERATURE = 1.7


def save_run(
    folder: Path, features: Path, *, model: str = "linear", layer: str = "last", **changed: Any
) -> Path:
    """Write `model.keras`, `model.onnx` and `model.json` of a model that nobody trained.

    Args:
        folder: Of the run, which is made.
        features: The features file that it is for.
        model: One of `small_networks.MODELS`.
        layer: Of the speech, or `mix`.
        changed: Fields of `model.json` that are not as they would be.
    """
    with open_features(features) as file:
        described = _described(file, model, layer) | changed
        rows = {name: _rows(file, name, described) for name in _streams(described)}
    made = _exported(model, {name: of[0].shape[1] for name, of in rows.items()}, rows)
    described["standardisation"] = {
        name: {"mean": of.mean.tolist(), "scale": of.scale.tolist()}
        for name, of in made.statistics.items()
    }
    text = json.dumps(described)
    onnx.helper.set_model_props(made.onnx, {"model.json": text})
    folder.mkdir(parents=True)
    shutil.copyfile(made.saved, folder / "model.keras")
    (folder / "model.onnx").write_bytes(made.onnx.SerializeToString())
    (folder / "model.json").write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class _Exported:
    """A model in both formats, and what it standardises with."""

    saved: Path
    onnx: onnx.ModelProto
    statistics: dict[str, Statistics]


_EXPORTED: dict[object, _Exported] = {}


def _exported(model: str, widths: dict[str, int], rows: dict[str, list[np.ndarray]]) -> _Exported:
    """Build and convert a model, for all features of these widths only once."""
    key = (model, *widths.items())
    if key not in _EXPORTED:
        statistics = {name: Statistics.of(of) for name, of in rows.items()}
        modality = "both" if len(widths) > 1 else next(iter(widths))
        dims = [widths.get(name, 1) for name in ("speech", "text")]
        network = build_model(replace(MODELS[model], modality=modality), *dims)
        rng = np.random.default_rng(3)
        for weight in network.trainable_weights:
            weight.assign(rng.normal(size=weight.shape) * 0.6)
        set_statistics(network, statistics)
        saved = Path(mkdtemp()) / "model.keras"
        network.save(saved)
        converted = to_onnx(load_with_attention(saved, tuple(widths)), {})
        _EXPORTED[key] = _Exported(saved, converted, statistics)
    return _EXPORTED[key]


def by_keras(run: Path, features: Path) -> dict[str, np.ndarray]:
    """Calibrated probabilities of every utterance of a features file, by id."""
    import keras

    described = json.loads((run / "model.json").read_text(encoding="utf-8"))
    model = keras.saving.load_model(run / "model.keras")
    with open_features(features) as file:
        streams = {name: _rows(file, name, described) for name in _streams(described)}
        unused = {n: [np.zeros((1, 1))] * len(file) for n in ("speech", "text")}
        [(_, inputs)] = batches(unused | streams, range(len(file)), size=len(file))
        found = at_temperature(model.predict(inputs, verbose=0), described["temperature"] or 1)
        return dict(zip(file.ids, found, strict=True))


def _streams(described: dict) -> tuple[str, ...]:
    return tuple(name for name in ("speech", "text") if name in described["inputs"])


def _rows(file: FeaturesFile, name: str, described: dict) -> list[np.ndarray]:
    steps = described["frames"] if name == "speech" else None
    layers = _layers(described[name])
    return [
        np.concatenate([file.read(name, layer, row, steps=steps) for layer in layers], axis=-1)
        for row in range(len(file))
    ]


def _layers(made: dict) -> list[str]:
    return made["layers"] if made["layer"] == "mix" else [made["layer"]]


def _described(file: FeaturesFile, model: str, layer: str) -> dict:
    made = {name: getattr(file.provenance, name) for name in ("speech", "text")}
    streams = [name for name in made if made[name]]
    layers = {"speech": layer, "text": "last"}
    return {
        "format": "mdat-model",
        "version": 1,
        "model": model,
        "modality": "both" if len(streams) > 1 else streams[0],
        "classes": list(CLASSES),
        "inputs": [put for name in streams for put in (name, f"{name}_mask")],
        **{n: asdict(made[n]) | {"layer": layers[n]} if made[n] else None for n in made},
        "store": file.provenance.store,
        "frames": 800,
        "frame_stride": 1,
        "ignored": [],
        "temperature": TEMPERATURE,
        "learned_from": {"languages": ["de"], "corpora": [], "utterances": 30, "merged": {}},
    }
