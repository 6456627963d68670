"""The network of a saved run, computed by onnxruntime."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from mdat_data import InputError
from mdat_data.batches import batches
from mdat_data.metrics import at_temperature
from mdat_predict.saved.description import Description

BATCH = 32
"""Number of utterances that the network takes at once."""

STEPS = 12_800
"""Steps that it takes at once of an utterance that is masked in many ways: the attention of long
ones needs much memory."""

ERRORS_ONLY = 3
"""Level of onnxruntime's log."""


class Network:
    """`model.onnx` of a run.

    Args:
        description: What `model.json` says.
        content: Its whole content, which is in the metadata of `model.onnx` too.

    Raises:
        InputError: The file is missing or damaged, or is not the one that `model.json` describes.
    """

    def __init__(self, description: Description, content: Any) -> None:
        path = description.folder / "model.onnx"
        self.description = description
        self._session = _session(path)
        _refuse_another(path, self._session, description, content)

    def probabilities(self, streams: Mapping[str, Sequence[Any]]) -> np.ndarray:
        """Predict utterances. What one gets does not depend on the others.

        Args:
            streams: Name of a stream -> features (T, D) of each of N utterances, not standardised.

        Returns:
            Probabilities (N, C) float64, calibrated where the run knows its temperature.
        """
        lengths = [sum(map(len, rows)) for rows in zip(*streams.values(), strict=True)]
        order = np.argsort(lengths, kind="stable")
        found = np.empty((len(order), len(self.description.classes)))
        for indices, inputs in batches(streams, order, size=BATCH):
            [found[indices]] = self._session.run(["probabilities"], inputs)
        return at_temperature(found, self.description.temperature or 1)

    def masked(self, streams: Mapping[str, Any], keep: Mapping[str, np.ndarray]) -> np.ndarray:
        """Predict one utterance with different steps masked.

        Args:
            streams: Name of a stream -> features (T, D) of the utterance, not standardised.
            keep: Name of a stream -> the steps that are left in each of N cases, (N, T) bool. The
                other streams stay whole.

        Returns:
            Probabilities (N, C) float64, calibrated likewise.

        Raises:
            InputError: A case masks a whole stream, about which the network can say nothing.
        """
        _refuse_nothing(keep)
        cases = len(next(iter(keep.values())))
        size = max(1, min(BATCH, STEPS // max(map(len, streams.values()))))
        repeated = {name: [rows] * cases for name, rows in streams.items()}
        found = np.empty((cases, len(self.description.classes)))
        for indices, inputs in batches(repeated, range(cases), size=size):
            for name, kept in keep.items():
                inputs[f"{name}_mask"] = kept[indices]
            [found[indices]] = self._session.run(["probabilities"], inputs)
        return at_temperature(found, self.description.temperature or 1)

    def attention(self, streams: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Read what the network attends to in one utterance.

        Args:
            streams: As for `masked`.

        Returns:
            Name of an output -> the share of each step, (steps of speech and then of text,)
            float32. Empty where the model has no attention.
        """
        names = [put.name for put in self._session.get_outputs() if put.name != "probabilities"]
        [(_, inputs)] = batches({name: [rows] for name, rows in streams.items()}, [0], size=1)
        found = self._session.run(names, inputs) if names else []
        return {name: shares[0] for name, shares in zip(names, found, strict=True)}


def _refuse_nothing(keep: Mapping[str, np.ndarray]) -> None:
    for name, kept in keep.items():
        if not kept.any(axis=1).all():
            raise InputError(
                f"expected a mask that leaves at least one step of {name}; got one that leaves "
                "none. Mask fewer steps."
            )


def _session(path: Path) -> Any:
    if not path.is_file():
        raise InputError(
            f"{path.parent} must have model.onnx, but it is missing. Write it: mdat-train --export "
            f"{path.parent}. A run of svm has no model."
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # small networks: the fastest
    options.log_severity_level = ERRORS_ONLY
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has an own one for each kind of damage
        reason = next(iter(str(error).splitlines()), "")
        raise InputError(
            f"{path} must be a model as it was written, but it cannot be read: {reason}. Restore "
            f"it from a copy, or write it again: mdat-train --export {path.parent}."
        ) from error


def _refuse_another(path: Path, session: Any, description: Description, content: Any) -> None:
    """The two files of a run must belong together."""
    copy = session.get_modelmeta().custom_metadata_map.get("model.json", "null")
    shapes = {put.name: put.shape[2:] for put in session.get_inputs()}
    expected = {name: [len(of.layers) * of.dim] for name, of in description.streams.items()} | {
        f"{name}_mask": [] for name in description.streams
    }
    if json.loads(copy) != content or shapes != expected:
        raise InputError(
            f"{path} and model.json beside it must be of one run, as they were written; got files "
            "that differ. Restore both from a copy, or write them again: mdat-train --export "
            f"{path.parent}."
        )
