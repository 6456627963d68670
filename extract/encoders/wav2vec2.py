"""Speech features from wav2vec2, HuBERT, WavLM and data2vec-audio models."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Self

import numpy as np
import torch
from torch.nn.utils.parametrize import is_parametrized, remove_parametrizations
from torch.nn.utils.rnn import pad_sequence

from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders.computing import hidden_states, to_numpy
from mdat_extract.encoders.speech_model import SpeechModel, parts

CONVOLVED = 60 * SAMPLING_RATE
"""Samples, padding included, that are convolved together on a graphics card: 2 GB for XLS-R."""


class Wav2Vec2(SpeechModel):
    """The hidden states of a self-supervised speech model.

    The features of an utterance are those that the model gives for it alone. Padding would change
    them in two places: in the convolutions over samples, where a group norm takes its statistics
    over its whole input, and in the stacked positional convolutions of data2vec. These therefore
    process one utterance at a time, and so do all convolutions on a CPU, where a batch of them is
    no faster. The rest processes the batch, with a mask over the frames.
    """

    modality = "speech"
    model_types = ("wav2vec2", "hubert", "wavlm", "data2vec-audio")

    def _set_up(self, model: Any) -> None:
        self.frames_per_second = SAMPLING_RATE / prod(model.config.conv_stride)
        _compute_weight_norm_once(model)
        self._model = _SplitModel.of(model, one_by_one=self.device.type == "cpu")

    def _pass(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        longest = max(len(waveform) for waveform in batch)
        size = 1 if self._model.alone else max(1, CONVOLVED // longest)
        frames = [of_one for part in parts(batch, size) for of_one in self._frames(part)]
        states = self._states(frames, [len(waveform) for waveform in batch])
        return [
            {layer: states[layer][row, : len(of_one)] for layer in self.layers}
            for row, of_one in enumerate(frames)
        ]

    def _frames(self, waveforms: Sequence[np.ndarray]) -> list[torch.Tensor]:
        """(steps, channels) of each, normalised one by one."""
        alone = len(waveforms) == 1
        samples = self._extracted(*waveforms) if alone else self._normalized(waveforms)
        frames = self._model.convolutions(samples).transpose(1, 2)
        steps = self._model.steps([len(waveform) for waveform in waveforms])
        return [rows[:number] for rows, number in zip(frames, steps, strict=True)]

    def _extracted(self, waveform: np.ndarray) -> torch.Tensor:
        """(1, samples), as the model's own feature extractor prepares them."""
        prepared = self._extractor(waveform, sampling_rate=SAMPLING_RATE, return_tensors="pt")
        values: torch.Tensor = prepared.input_values.to(self.device)
        return values

    def _normalized(self, waveforms: Sequence[np.ndarray]) -> torch.Tensor:
        """(batch, samples), as the extractor would prepare each, but computed on the device."""
        samples = [torch.from_numpy(waveform) for waveform in waveforms]
        padded = pad_sequence(samples, batch_first=True).to(self.device)
        if not self._extractor.do_normalize:
            return padded
        length = torch.tensor([len(w) for w in waveforms], device=self.device)[:, None]
        real = torch.arange(padded.shape[1], device=self.device) < length
        centred = (padded - padded.sum(dim=1, keepdim=True) / length) * real
        variance = centred.square().sum(dim=1, keepdim=True) / length
        return centred / (variance + 1e-7).sqrt()

    def _states(
        self, frames: Sequence[torch.Tensor], samples: Sequence[int]
    ) -> dict[str, np.ndarray]:
        """Run the transformer on frames; (batch, steps, dim) for each layer."""
        self._model.positions.lengths = [len(of_one) for of_one in frames]
        padded = pad_sequence(list(frames), batch_first=True).transpose(1, 2)
        # The model takes a mask over samples and derives the mask over frames from it.
        places = torch.arange(max(samples), device=self.device)
        mask = (places < torch.tensor(samples, device=self.device)[:, None]).long()
        with hidden_states(self._model.transformer.encoder.layers, self.layers) as states:
            output = self._model.transformer(padded, attention_mask=mask)
        states["last"] = output.last_hidden_state
        return {layer: to_numpy(states[layer]) for layer in self.layers}


def _compute_weight_norm_once(module: torch.nn.Module) -> None:
    """Replace normalised weights by their values, which are else computed for every utterance."""
    for part in module.modules():
        if is_parametrized(part, "weight"):
            remove_parametrizations(part, "weight")


@dataclass(frozen=True, kw_only=True)
class _SplitModel:
    """A model whose convolutions over samples are separated from its transformer.

    Attributes:
        convolutions: (batch, samples) -> (batch, channels, steps).
        alone: The convolutions must process one utterance at a time.
        positions: The positional convolutions, a part of the transformer.
        transformer: The rest of the model, which takes the output of the convolutions.
    """

    convolutions: torch.nn.Module
    alone: bool
    positions: "_Positions"
    transformer: Any

    @classmethod
    def of(cls, model: Any, *, one_by_one: bool) -> Self:
        """Split a model, which is changed.

        Args:
            model: The model.
            one_by_one: Process one utterance at a time also where a batch would be exact.
        """
        convolutions, model.feature_extractor = model.feature_extractor, torch.nn.Identity()
        grouped = any(isinstance(part, torch.nn.GroupNorm) for part in convolutions.modules())
        stacked = not hasattr(model.encoder.pos_conv_embed, "conv")
        positions = _Positions(model.encoder.pos_conv_embed, alone=one_by_one or stacked)
        model.encoder.pos_conv_embed = positions
        return cls(
            convolutions=convolutions,
            alone=one_by_one or grouped,
            positions=positions,
            transformer=model,
        )

    def steps(self, samples: Sequence[int]) -> list[int]:
        """Number of frames for numbers of samples."""
        lengths = self.transformer._get_feat_extract_output_lengths(torch.tensor(samples))
        return [int(length) for length in lengths]


class _Positions(torch.nn.Module):
    """The positional convolutions.

    Args:
        module: The module of the model. Alone or not, it sees zeros around the valid frames.
        alone: Apply it to the valid frames of each utterance alone.

    Attributes:
        lengths: Number of valid frames of each utterance in the next batch.
    """

    def __init__(self, module: torch.nn.Module, *, alone: bool) -> None:
        super().__init__()
        self.module = module
        self.alone = alone
        self.lengths: list[int] = []

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        """(batch, steps, dim) -> the same shape."""
        if not self.alone:
            positions: torch.Tensor = self.module(batch)
            return positions
        alone = [
            self.module(rows[None, :length])[0]
            for rows, length in zip(batch, self.lengths, strict=True)
        ]
        return pad_sequence(alone, batch_first=True)
