"""Speech through wav2vec2, HuBERT, WavLM and data2vec-audio models."""

import sys
from collections.abc import Sequence
from math import prod

import numpy as np
import torch
from torch.nn.utils.parametrize import is_parametrized, remove_parametrizations
from torch.nn.utils.rnn import pad_sequence

from mdat_data import InputError
from mdat_extract.encoders.encoder import resolve_layers
from mdat_extract.encoders.packed_linear import pack_linear_layers
from mdat_extract.encoders.pretrained import (
    PACKAGES,
    choose_device,
    computing,
    hidden_state,
    load_feature_extractor,
    load_model,
    locate,
)
from mdat_extract.inputs.audio import SAMPLING_RATE

CPU_TOGETHER = 8
"""Neighbours in length: XLS-R-300M encodes 1.2 (float32) to 1.5 (bfloat16) times as many in the
same processor time as one by one; with more, padding eats the gain where lengths vary."""


class Wav2Vec2:
    """The hidden states of a self-supervised speech model.

    What comes out for a waveform is what the model gives for it alone. Padding would be heard in
    two places: by the convolutions over samples, whose group norm takes its statistics over all
    that it gets, and by the stacked positional convolutions of data2vec. Both therefore see one
    utterance at a time; the rest sees the batch, with a mask over the frames.

    Args:
        model: The id or the folder of a model.
        layers: `last`, `middle` or numbers of hidden states.
        device: `auto`, or a device that torch knows.
        precision: `float32` or `bfloat16`.
        together: So many utterances go through the model at once. Default: all of a batch, but
            `CPU_TOGETHER` on a cpu.

    Raises:
        InputError: The model cannot be loaded, is of another kind, or has no such layer.
    """

    packages = PACKAGES

    def __init__(
        self,
        model: str,
        *,
        layers: Sequence[str],
        device: str,
        precision: str,
        together: int | None = None,
    ) -> None:
        self.device = choose_device(device)
        self.together = together or (CPU_TOGETHER if self.device.type == "cpu" else sys.maxsize)
        self.precision = precision
        source = locate(model)
        self.name, self.revision = source.name, source.revision
        self._extractor = load_feature_extractor(source)
        self._model = load_model(source, self.device)
        self._check_kind()
        pack_linear_layers(self._model, precision)
        _settle_weight_norm(self._model.encoder.pos_conv_embed)
        config = self._model.config
        self.layers = resolve_layers(layers, depth=config.num_hidden_layers)
        # Naming the states wanted lets transformers drop the others: 0.3 GB for XLS-R-300M in 60 s.
        self._numbers = [int(layer) for layer in self.layers if layer != "last"]
        self.dim: int = config.hidden_size
        self.frames_per_second = SAMPLING_RATE / prod(config.conv_stride)
        self._convolutions = self._model.feature_extractor
        self._model.feature_extractor = torch.nn.Identity()
        self._positions = _OneByOne(self._model.encoder.pos_conv_embed)
        self._model.encoder.pos_conv_embed = self._positions

    def encode(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        """Encode waveforms; the result for one does not depend on the others.

        Args:
            batch: Waveforms, (samples,) float32 at 16 kHz.

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

    def _check_kind(self) -> None:
        encoder = getattr(self._model, "encoder", None)
        if not (hasattr(self._model, "feature_extractor") and hasattr(encoder, "pos_conv_embed")):
            raise InputError(
                f"expected a wav2vec2, HuBERT, WavLM or data2vec-audio model, but {self.name} is "
                f"of the type {self._model.config.model_type}."
            )
        if getattr(self._model.config, "add_adapter", False):
            raise InputError(
                f"{self.name} has an adapter that shortens its last layer. Use a model without."
            )

    def _pass(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        frames = [self._frames(waveform) for waveform in batch]  # each (steps, channels)
        states = self._states(frames, [len(waveform) for waveform in batch])
        return [
            {layer: states[layer][row, : len(of_one)] for layer in self.layers}
            for row, of_one in enumerate(frames)
        ]

    def _frames(self, waveform: np.ndarray) -> torch.Tensor:
        """(samples,) -> (steps, channels), normalised as the model's own feature extractor does."""
        prepared = self._extractor(waveform, sampling_rate=SAMPLING_RATE, return_tensors="pt")
        frames: torch.Tensor = self._convolutions(prepared.input_values.to(self.device))[0].T
        return frames

    def _states(
        self, frames: Sequence[torch.Tensor], samples: Sequence[int]
    ) -> dict[str, np.ndarray]:
        """Run the model on frames that are already there; (batch, steps, dim) for each layer."""
        self._positions.lengths = [len(of_one) for of_one in frames]
        padded = pad_sequence(list(frames), batch_first=True).transpose(1, 2)
        # The model takes a mask over samples, and makes of it the one over frames.
        mask = pad_sequence([torch.ones(n, dtype=torch.long) for n in samples], batch_first=True)
        output = self._model(
            padded, attention_mask=mask.to(self.device), output_hidden_states=self._numbers
        )
        return {layer: hidden_state(output, layer) for layer in self.layers}


def _settle_weight_norm(module: torch.nn.Module) -> None:
    """Compute normalised weights once; they would be computed again for every utterance."""
    for part in module.modules():
        if is_parametrized(part, "weight"):
            remove_parametrizations(part, "weight")


class _OneByOne(torch.nn.Module):
    """Applies a module to the valid frames of each utterance alone.

    Attributes:
        lengths: Valid frames of each utterance in the next batch.
    """

    def __init__(self, module: torch.nn.Module) -> None:
        super().__init__()
        self.module = module
        self.lengths: list[int] = []

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        """(batch, steps, dim) -> the same."""
        alone = [
            self.module(rows[None, :length])[0]
            for rows, length in zip(batch, self.lengths, strict=True)
        ]
        return pad_sequence(alone, batch_first=True)
