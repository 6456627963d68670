"""Whether an ONNX model gives the numbers of the Keras model that it was made from."""

from collections.abc import Iterator, Mapping

import keras
import numpy as np
import onnx
import onnxruntime

from mdat_data.batches import Inputs
from mdat_train.classifiers.compiled_models import predict_on_batch
from mdat_train.inputs.scaling import Statistics

LARGEST_DIFFERENCE = 1e-5
"""Of a probability, or of a share of attention. Rounding explains some 1e-6."""

CASES = (
    (1, 1, 1),
    (1, 7, 3),
    (2, 30, 5),
    (3, 64, 17),
    (5, 11, 40),
    (8, 150, 9),
    (2, 400, 60),
)
"""Utterances, steps of the speech and steps of the text of the batches that are compared."""

PADDING = 10.0
"""Standard deviations of the noise in the padding, which must have no effect."""


def difference(
    made: onnx.ModelProto, model: keras.Model, statistics: Mapping[str, Statistics]
) -> str:
    """Compare all outputs on batches of several sizes, lengths and paddings.

    Args:
        made: The ONNX model.
        model: The Keras model.
        statistics: Of the features of each stream that the model learned from, by its name; a
            stream without has mean 0 and standard deviation 1.

    Returns:
        Which output differs, and by how much; empty if none does.
    """
    session = onnxruntime.InferenceSession(made.SerializeToString())
    names = [output.name for output in session.get_outputs()]
    for (batch, speech, text), inputs in _batches(model, statistics):
        expected = predict_on_batch(model, inputs)
        for name, got in zip(names, session.run(names, inputs), strict=True):
            largest = float(np.abs(got - expected[name]).max())
            if not largest <= LARGEST_DIFFERENCE:  # NaN is a difference too
                return (
                    f"expected the {name} of model.keras to {LARGEST_DIFFERENCE:g}, got a "
                    f"difference of {largest:.2g} (batch of {batch}, {speech} steps of speech, "
                    f"{text} of text)"
                )
    return ""


def _batches(
    model: keras.Model, statistics: Mapping[str, Statistics]
) -> Iterator[tuple[tuple[int, int, int], Inputs]]:
    rng = np.random.default_rng(0)
    for case in CASES:
        batch, *steps = case
        inputs: Inputs = {}
        for stream, length in zip(("speech", "text"), steps, strict=True):
            if stream in model.input:
                lengths = rng.integers(1, length + 1, size=batch)
                lengths[0] = length  # some utterance fills the batch
                mask = np.arange(length) < lengths[:, None]
                width = model.input[stream].shape[-1]
                inputs[stream] = _features(rng, mask, width, statistics.get(stream))
                inputs[f"{stream}_mask"] = mask
        yield case, inputs


def _features(
    rng: np.random.Generator, mask: np.ndarray, width: int, statistics: Statistics | None
) -> np.ndarray:
    """Random features of the size of those that were learned from, (B, T, D), noise in padding."""
    noise = rng.normal(size=(*mask.shape, width)) * np.where(mask, 1, PADDING)[:, :, None]
    if statistics is not None:
        noise = statistics.mean + statistics.scale * noise
    return noise.astype(np.float32)
