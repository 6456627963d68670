"""A run whose probability of an emotion is the sum of all features that are not masked."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CLASSES = ("angry", "calm")
"""The first one has the sum as its probability, between 0 and 1; the other one has the rest."""


def save_summing_run(
    folder: Path,
    *,
    rate: float | None = 10.0,
    streams: tuple[str, ...] = ("speech", "text"),
    text_encoder: str = "char-ngram",
    **changed: Any,
) -> Path:
    """Write `model.onnx` and `model.json` by hand, for features of one number a step.

    Args:
        folder: Of the run, which is made.
        rate: Steps of speech per second; None does not say it.
        streams: What it has inputs for.
        text_encoder: Name of its text encoder.
        changed: Fields of `model.json` that are not as they would be.
    """
    made = {"revision": "1", "layer": "last", "layers": ["last"], "dim": 1, "precision": "float32"}
    encoders = {
        "speech": {"encoder": "ear", "frames_per_second": rate},
        "text": {"encoder": text_encoder, "frames_per_second": None},
    }
    described = {
        "format": "mdat-model",
        "version": 1,
        "model": "sum",
        "classes": list(CLASSES),
        "inputs": [put for name in streams for put in (name, f"{name}_mask")],
        **{n: made | {"crop": None, "prefix": ""} | encoders[n] for n in ("speech", "text")},
        "store": "float32",
        "frames": 800,
        "frame_stride": 1,
        "ignored": [],
        "temperature": 1,
        "standardisation": {},
        "learned_from": {"languages": ["de"], "corpora": [], "utterances": 2, "merged": {}},
    } | changed
    folder.mkdir(parents=True)
    text = json.dumps(described)
    (folder / "model.json").write_text(text, encoding="utf-8")
    model = _network(streams)
    helper.set_model_props(model, {"model.json": text})
    onnx.checker.check_model(model)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    return folder


def _network(streams: tuple[str, ...]) -> onnx.ModelProto:
    """Every step gets attention 1 if it is not masked."""
    nodes, puts = [], []
    for name in streams:
        steps = [f"batch_{name}", f"{name}_steps"]
        puts += [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [*steps, 1]),
            helper.make_tensor_value_info(f"{name}_mask", TensorProto.BOOL, steps),
        ]
        nodes += [
            helper.make_node("Cast", [f"{name}_mask"], [f"{name}_left"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", [f"{name}_left", "last"], [f"{name}_column"]),
            helper.make_node("Mul", [name, f"{name}_column"], [f"{name}_heard"]),
            helper.make_node("ReduceSum", [f"{name}_heard", "steps"], [f"{name}_sum"], keepdims=0),
        ]
    nodes += [
        helper.make_node("Sum", [f"{name}_sum" for name in streams], ["sum"]),
        helper.make_node("Clip", ["sum", "zero", "one"], ["first"]),
        helper.make_node("Sub", ["one", "first"], ["second"]),
        helper.make_node("Concat", ["first", "second"], ["probabilities"], axis=1),
        helper.make_node("Concat", [f"{n}_left" for n in streams], ["graph_attention"], axis=1),
    ]
    constants = {
        "last": np.array([2]),
        "steps": np.array([1]),
        "zero": np.array(0, np.float32),
        "one": np.array(1, np.float32),
    }
    outputs = [
        helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 2]),
        helper.make_tensor_value_info("graph_attention", TensorProto.FLOAT, ["batch", "nodes"]),
    ]
    values = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "sum", puts, outputs, values)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
