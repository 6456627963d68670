"""Speech features from w2v-BERT 2.0 models."""

import sys
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch

from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders.computing import choose_device, computing, hidden_states, to_numpy
from mdat_extract.encoders.encoder import resolve_layers
from mdat_extract.encoders.locate import Pretrained
from mdat_extract.encoders.packed_linear import pack_linear_layers
from mdat_extract.encoders.pretrained import (
    PACKAGES,
    load_feature_extractor,
    load_model,
    refuse_adapter,
)

CPU_TOGETHER = 8
"""Utterances of similar length in one pass on a CPU, as for wav2vec2."""

WINDOW = 400
"""Samples of one frame of the feature extractor."""
HOP = 160
"""Samples from one frame of the feature extractor to the next. It stacks several in a step."""


class Wav2Vec2Bert:
    """The hidden states of a w2v-BERT 2.0 model.

    Its input are log-mel bands, standardised for each utterance. A mask keeps the padding of a
    batch out of the attention and out of the convolutions, which see only the past.

    Args:
        source: The model on the disk.
        extractor: Its feature extractor.
        model: The model, on its device. It is changed.
        layers: `last`, `middle` or numbers of hidden states.
        precision: `float32` or `bfloat16`.
        together: Number of utterances in one pass of the model. None: the whole batch on a
            graphics card, `CPU_TOGETHER` on a CPU.

    Raises:
        InputError: The model has no such layer, or an adapter.
    """

    modality = "speech"
    model_types = ("wav2vec2-bert",)
    packages = PACKAGES

    def __init__(
        self,
        source: Pretrained,
        extractor: Any,
        model: Any,
        *,
        layers: Sequence[str],
        precision: str,
        together: int | None = None,
    ) -> None:
        refuse_adapter(source, model)
        self.name, self.revision = source.name, source.revision
        self.device: torch.device = model.device
        self.precision = precision
        self.together = together or (CPU_TOGETHER if self.device.type == "cpu" else sys.maxsize)
        self.layers = resolve_layers(layers, depth=model.config.num_hidden_layers)
        self.dim: int = model.config.hidden_size
        self.frames_per_second = SAMPLING_RATE / HOP / extractor.stride
        self._extractor = extractor
        pack_linear_layers(model, precision)
        self._model = model

    @classmethod
    def load(
        cls,
        source: Pretrained,
        *,
        layers: Sequence[str],
        device: str,
        precision: str,
        together: int | None = None,
    ) -> Self:
        """Load an encoder.

        Args:
            source: The model on the disk.
            layers: `last`, `middle` or numbers of hidden states.
            device: `auto`, or a device that torch knows.
            precision: `float32` or `bfloat16`.
            together: Number of utterances in one pass of the model, as above.

        Returns:
            The encoder.

        Raises:
            InputError: The model cannot be loaded, has an adapter, or has no such layer.
        """
        where = choose_device(device)
        extractor, model = load_feature_extractor(source), load_model(source, where)
        return cls(source, extractor, model, layers=layers, precision=precision, together=together)

    def encode(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        """Encode waveforms. The result for one does not depend on the others.

        Args:
            batch: Waveforms, (samples,) float32 at 16 kHz. One that is too short for a step is
                filled up with silence.

        Returns:
            For each waveform its features by layer, (steps, dim) float32.
        """
        starts = range(0, len(batch), self.together)
        with computing(self.device, self.precision):
            return [
                features
                for start in starts
                for features in self._pass(batch[start : start + self.together])
            ]

    def _pass(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        prepared = self._extractor(
            [self._at_least_a_step(waveform) for waveform in batch],
            sampling_rate=SAMPLING_RATE,
            padding=True,
            return_tensors="pt",
        )
        with hidden_states(self._model.encoder.layers, self.layers) as states:
            output = self._model(**prepared.to(self.device))
        states["last"] = output.last_hidden_state
        arrays = {layer: to_numpy(states[layer]) for layer in self.layers}
        return [
            {layer: arrays[layer][row, :steps] for layer in self.layers}
            for row, steps in enumerate(prepared.attention_mask.sum(dim=1).tolist())
        ]

    def _at_least_a_step(self, waveform: np.ndarray) -> np.ndarray:
        needed = WINDOW + HOP * (self._extractor.stride - 1)
        return np.pad(waveform, (0, max(0, needed - len(waveform))))
