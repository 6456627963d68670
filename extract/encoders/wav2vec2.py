"""Speech features from wav2vec2, HuBERT, WavLM and data2vec-audio models."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Self

import numpy as np
import torch
from torch.nn.utils.parametrize import is_parametrized, remove_parametrizations
from torch.nn.utils.rnn import pad_sequence

from mdat_data import InputError
from mdat_extract.encoders.computing import choose_device, computing, hidden_state
from mdat_extract.encoders.encoder import resolve_layers
from mdat_extract.encoders.packed_linear import pack_linear_layers
from mdat_extract.encoders.pretrained import (
    PACKAGES,
    Pretrained,
    load_feature_extractor,
    load_model,
)
from mdat_extract.inputs.audio import SAMPLING_RATE

CPU_TOGETHER = 8
"""Utterances of similar length in one pass on a CPU. XLS-R-300M is then 1.2 (float32) to 1.5
(bfloat16) times as fast as with one; with more, padding takes back the gain where lengths vary."""


class Wav2Vec2:
    """The hidden states of a self-supervised speech model.

    The features of an utterance are those that the model gives for it alone. Padding would change
    them in two places: in the convolutions over samples, whose group norm takes its statistics
    over its whole input, and in the stacked positional convolutions of data2vec. Both therefore
    process one utterance at a time. The rest processes the batch, with a mask over the frames.

    Args:
        source: The model on the disk.
        extractor: Its feature extractor.
        model: The model, on its device.
        layers: `last`, `middle` or numbers of hidden states.
        device: The device of the model.
        precision: `float32` or `bfloat16`.
        together: Number of utterances in one pass of the model.

    Raises:
        InputError: The model has no such layer.
    """

    modality = "speech"
    packages = PACKAGES

    def __init__(
        self,
        source: Pretrained,
        extractor: Any,
        model: "_SplitModel",
        *,
        layers: Sequence[str],
        device: torch.device,
        precision: str,
        together: int,
    ) -> None:
        config = model.transformer.config
        self.name, self.revision = source.name, source.revision
        self.device, self.precision, self.together = device, precision, together
        self.layers = resolve_layers(layers, depth=config.num_hidden_layers)
        self.dim: int = config.hidden_size
        self.frames_per_second = SAMPLING_RATE / prod(config.conv_stride)
        self._extractor = extractor
        self._model = model
        # Only these hidden states are kept: 0.3 GB less for XLS-R-300M with 60 s of audio.
        self._numbers = [int(layer) for layer in self.layers if layer != "last"]

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
            together: Number of utterances in one pass of the model. None: the whole batch on a
                graphics card, `CPU_TOGETHER` on a CPU.

        Returns:
            The encoder.

        Raises:
            InputError: The model cannot be loaded, is of another kind, or has no such layer.
        """
        where = choose_device(device)
        extractor = load_feature_extractor(source)
        model = load_model(source, where)
        _check_kind(source, model)
        pack_linear_layers(model, precision)
        _compute_weight_norm_once(model.encoder.pos_conv_embed)
        return cls(
            source,
            extractor,
            _SplitModel.of(model),
            layers=layers,
            device=where,
            precision=precision,
            together=together or (CPU_TOGETHER if where.type == "cpu" else sys.maxsize),
        )

    def encode(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        """Encode waveforms. The result for one does not depend on the others.

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

    def _pass(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        frames = [self._frames(waveform) for waveform in batch]  # each (steps, channels)
        states = self._states(frames, [len(waveform) for waveform in batch])
        return [
            {layer: states[layer][row, : len(of_one)] for layer in self.layers}
            for row, of_one in enumerate(frames)
        ]

    def _frames(self, waveform: np.ndarray) -> torch.Tensor:
        """(samples,) -> (steps, channels), normalised by the model's own feature extractor."""
        prepared = self._extractor(waveform, sampling_rate=SAMPLING_RATE, return_tensors="pt")
        frames: torch.Tensor = self._model.convolutions(prepared.input_values.to(self.device))[0].T
        return frames

    def _states(
        self, frames: Sequence[torch.Tensor], samples: Sequence[int]
    ) -> dict[str, np.ndarray]:
        """Run the transformer on frames; (batch, steps, dim) for each layer."""
        self._model.positions.lengths = [len(of_one) for of_one in frames]
        padded = pad_sequence(list(frames), batch_first=True).transpose(1, 2)
        # The model takes a mask over samples and derives the mask over frames from it.
        mask = pad_sequence([torch.ones(n, dtype=torch.long) for n in samples], batch_first=True)
        output = self._model.transformer(
            padded, attention_mask=mask.to(self.device), output_hidden_states=self._numbers
        )
        return {layer: hidden_state(output, layer) for layer in self.layers}


def _check_kind(source: Pretrained, model: Any) -> None:
    encoder = getattr(model, "encoder", None)
    if not (hasattr(model, "feature_extractor") and hasattr(encoder, "pos_conv_embed")):
        raise InputError(
            f"expected a wav2vec2, HuBERT, WavLM or data2vec-audio model, got {source.name} of the "
            f"type {model.config.model_type}. Use another model."
        )
    if getattr(model.config, "add_adapter", False):
        raise InputError(
            f"{source.name} has an adapter that shortens its last layer. Use a model without one."
        )


def _compute_weight_norm_once(module: torch.nn.Module) -> None:
    """Replace normalised weights by their values, which are else computed for every utterance."""
    for part in module.modules():
        if is_parametrized(part, "weight"):
            remove_parametrizations(part, "weight")


@dataclass(frozen=True, kw_only=True)
class _SplitModel:
    """A model whose convolutions over samples are separated from its transformer.

    Attributes:
        convolutions: (1, samples) -> (1, channels, steps).
        positions: The positional convolutions, a part of the transformer.
        transformer: The rest of the model, which takes the output of the convolutions.
    """

    convolutions: torch.nn.Module
    positions: "_OneByOne"
    transformer: Any

    @classmethod
    def of(cls, model: Any) -> Self:
        """Split a model, which is changed."""
        convolutions, model.feature_extractor = model.feature_extractor, torch.nn.Identity()
        positions = _OneByOne(model.encoder.pos_conv_embed)
        model.encoder.pos_conv_embed = positions
        return cls(convolutions=convolutions, positions=positions, transformer=model)


class _OneByOne(torch.nn.Module):
    """Applies a module to the valid frames of each utterance alone.

    Attributes:
        lengths: Number of valid frames of each utterance in the next batch.
    """

    def __init__(self, module: torch.nn.Module) -> None:
        super().__init__()
        self.module = module
        self.lengths: list[int] = []

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        """(batch, steps, dim) -> the same shape."""
        alone = [
            self.module(rows[None, :length])[0]
            for rows, length in zip(batch, self.lengths, strict=True)
        ]
        return pad_sequence(alone, batch_first=True)
