"""Every model that a run can keep, saved with weights that decide, and exported once."""

from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
from keras.src.export.saved_model_export_archive import SavedModelExportArchive
from small_networks import MODELS, SPEECH_DIM, TEXT_DIM

from mdat_data.batches import Inputs
from mdat_keras import build_model
from mdat_train.export.onnx_model import load_with_attention, to_onnx

STREAMS = ("speech", "text")
RNG = np.random.default_rng(3)


@dataclass(frozen=True)
class Exported:
    """A model in both formats.

    Attributes:
        saved: The file of Keras.
        reloaded: What it holds.
        model: The model with its attention.
        onnx: What was made of it.
    """

    saved: Path
    reloaded: keras.Model
    model: keras.Model
    onnx: onnx.ModelProto

    def run(self, inputs: Inputs) -> dict[str, np.ndarray]:
        """The outputs of the ONNX model by name, computed without Keras."""
        names = [output.name for output in self._session.get_outputs()]
        return dict(zip(names, self._session.run(names, inputs), strict=True))

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(self.onnx.SerializeToString())


@cache
def exported(name: str, streams: tuple[str, ...] = STREAMS) -> Exported:
    """Build, save and export a model of `small_networks.MODELS`, once in a session."""
    saved = Path(mkdtemp()) / "model.keras"
    modality = "both" if len(streams) > 1 else streams[0]
    model = build_model(replace(MODELS[name], modality=modality), SPEECH_DIM, TEXT_DIM)
    beside = [layer for layer in model.layers if layer.name == "linear"]
    fitted = [weight for layer in beside for weight in layer.get_layer("emotion").weights]
    for weight in (*model.trainable_weights, *fitted):
        weight.assign(RNG.normal(size=weight.shape) * 0.6)
    model.save(saved)
    extended = load_with_attention(saved, streams)
    with pytest.MonkeyPatch.context() as patch:
        # A third of the time goes into a search for the lookup tables of a model, which has none.
        patch.setattr(SavedModelExportArchive, "_filter_and_track_resources", lambda _: None)
        made = to_onnx(extended, {"model.json": '{"classes": ["froh"]}'})
    return Exported(saved, keras.saving.load_model(saved), extended, made)


def batch(lengths: tuple[tuple[int, int], ...], *, padding: int = 0, seed: int = 0) -> Inputs:
    """Random features of utterances with some frames and tokens, noise in the padding.

    An utterance has the same features in every batch of the same seed.
    """
    inputs: Inputs = {}
    for stream, width, numbers in zip(
        STREAMS, (SPEECH_DIM, TEXT_DIM), zip(*lengths, strict=True), strict=True
    ):
        steps = max(numbers) + padding
        rows = [np.random.default_rng([seed, n]).normal(size=(n, width)) for n in numbers]
        noise = 20 * np.random.default_rng(9).normal(size=(len(rows), steps, width))
        for place, own in zip(noise, rows, strict=True):
            place[: len(own)] = own
        inputs[stream] = noise.astype(np.float32)
        inputs[f"{stream}_mask"] = np.arange(steps) < np.array(numbers)[:, None]
    return inputs
