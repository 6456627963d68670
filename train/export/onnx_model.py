"""A saved Keras model as an ONNX model with names."""

import json
import os
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import onnx

from mdat_keras import with_attention

OPSET = 15
"""Version of the ONNX operators; every version of onnxruntime since 2022 runs it."""

LENGTHS = {"speech": "speech_steps", "text": "text_steps"}
"""Stream -> the name of the dimension of its steps."""


def load_with_attention(saved: Path, streams: Sequence[str]) -> keras.Model:
    """Open a saved model, with its attention as further outputs.

    Args:
        saved: The `.keras` file.
        streams: The streams that the model uses; it has inputs for these alone.

    Returns:
        A model from `<stream>` and `<stream>_mask` to `probabilities` and its attention, by name,
        which computes in float32.
    """
    inputs = [name for stream in streams for name in (stream, f"{stream}_mask")]
    return with_attention(_in_float32(keras.saving.load_model(saved)), inputs)


def _in_float32(model: keras.Model) -> keras.Model:
    """The model with the same weights, which are float32, and multiplications in float32."""
    policies = {layer.dtype_policy.name for layer in model.layers} - {"float32"}
    if not policies:
        return model
    text = json.dumps(keras.saving.serialize_keras_object(model))
    for policy in policies:
        text = text.replace(f'"{policy}"', '"float32"')
    made = keras.saving.deserialize_keras_object(json.loads(text))
    made.set_weights(model.get_weights())
    return made


def to_onnx(model: keras.Model, metadata: Mapping[str, str]) -> onnx.ModelProto:
    """Convert a model; batch and lengths stay open.

    Args:
        model: From `load_with_attention`. The backend of Keras must be TensorFlow.
        metadata: What the ONNX model says about itself.

    Returns:
        The ONNX model, whose inputs, outputs and dimensions have the names of `LENGTHS`, `batch`
        and, for the attention, `nodes`.
    """
    # Else tf2onnx copies the graph before each optimisation, to go on where one fails.
    os.environ.setdefault("TF2ONNX_CATCH_ERRORS", "FALSE")
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # Keras adds what NumPy 2 took away and tf2onnx still reads.
        warnings.filterwarnings("ignore", r"In the future `np\.object`", FutureWarning)
        path = Path(folder) / "model.onnx"
        model.export(
            path,
            format="onnx",
            verbose=False,
            input_signature=[_open(model)],
            opset_version=OPSET,
        )
        made = onnx.load(path)
    _name_dimensions(made.graph)
    made.graph.name = model.name
    onnx.helper.set_model_props(made, dict(metadata))
    onnx.checker.check_model(made)
    return made


def _open(model: keras.Model) -> dict[str, keras.InputSpec]:
    """The inputs, with every size open that may change from batch to batch."""
    return {n: keras.InputSpec(t.dtype, t.shape, name=n) for n, t in model.input.items()}


def _name_dimensions(graph: Any) -> None:
    """Replace the numbered names of dimensions, and drop the shapes of what is inside."""
    del graph.value_info[:]
    streams = [put.name for put in graph.input if put.name in LENGTHS]
    nodes = LENGTHS[streams[0]] if len(streams) == 1 else "nodes"
    for put in (*graph.input, *graph.output):
        steps = LENGTHS.get(put.name.removesuffix("_mask"), nodes)
        for dimension, name in zip(put.type.tensor_type.shape.dim, ("batch", steps), strict=False):
            if not dimension.dim_value:
                dimension.dim_param = name
