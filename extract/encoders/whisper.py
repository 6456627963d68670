"""Speech features from the encoder of Whisper models."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any

import numpy as np
import torch
from torch.nn.functional import gelu
from transformers.models.whisper.modeling_whisper import WhisperEncoder

from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders.computing import computing, to_numpy
from mdat_extract.encoders.locate import Pretrained
from mdat_extract.encoders.pretrained import load_model
from mdat_extract.encoders.speech_model import SpeechModel, parts

IN_CHECKPOINT = {r"^model\.encoder\.": "", r"^encoder\.": ""}
"""Names of the encoder's weights in a checkpoint of the whole model or of a classifier -> here."""


class Whisper(SpeechModel):
    """The hidden states of the encoder. The decoder is not loaded.

    The encoder hears windows of 30 s and has no mask. A shorter recording is filled up with
    silence, whose frames are left out. A longer one is divided into windows, one after the other,
    and each is encoded alone: a frame near a seam does not hear beyond it. Numbered layers are
    before the final layer norm, `last` is after it. Layers behind the deepest one that is kept are
    not computed, and of that one only the frames that are kept.
    """

    modality = "speech"
    model_types = ("whisper",)
    cpu_together = 1  # more are no faster
    gpu_together = 32

    def _set_up(self, model: Any) -> None:
        self._window: int = self._extractor.n_samples
        self._hop = self._window // model.config.max_source_positions
        self.frames_per_second = SAMPLING_RATE / self._hop
        self._model = _Kept(model, self.layers)

    @staticmethod
    def _load_model(source: Pretrained, device: torch.device) -> Any:
        return load_model(source, device, kind=WhisperEncoder, key_mapping=IN_CHECKPOINT)

    def encode(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        """Encode waveforms. The result for one does not depend on the others.

        Args:
            batch: Waveforms, (samples,) float32 at 16 kHz.

        Returns:
            For each waveform its features by layer, (steps, dim) float32, with a step for every
            320 samples that have begun.
        """
        windows = [window for waveform in batch for window in self._windows(waveform)]
        encoded = iter(
            [of_one for part in parts(windows, self.together) for of_one in self._pass(part)]
        )
        return [_joined([next(encoded) for _ in self._windows(waveform)]) for waveform in batch]

    def _windows(self, waveform: np.ndarray) -> list[np.ndarray]:
        return [waveform[at : at + self._window] for at in range(0, len(waveform), self._window)]

    def _pass(self, windows: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        steps = [ceil(len(window) / self._hop) for window in windows]
        mel = self._mel(windows, max(steps)).to(self.device)
        with computing(self.device, self.precision):
            kept = self._model(mel, max(steps))
            states = {layer: to_numpy(kept[layer]) for layer in self.layers}
        return [
            {layer: states[layer][row, :number] for layer in self.layers}
            for row, number in enumerate(steps)
        ]

    def _mel(self, windows: Sequence[np.ndarray], steps: int) -> torch.Tensor:
        """(batch, bands, mel frames) of 30 s, of which only what is not silence is computed.

        It is outside of `computing`, which would compute it in bfloat16 too.
        """
        silence = ceil(self._extractor.n_fft / self._hop) + 1  # in steps; no frame mirrors speech
        mel: torch.Tensor = self._extractor(
            list(windows),
            max_length=min((steps + silence) * self._hop, self._window),
            sampling_rate=SAMPLING_RATE,
            return_tensors="pt",
            device=str(self.device) if self.device.type == "cuda" else "cpu",
        ).input_features
        rest = self._window // self._extractor.hop_length - mel.shape[-1]
        return torch.nn.functional.pad(mel, (0, rest), mode="replicate")


class _Kept(torch.nn.Module):
    """An encoder that computes only the layers and the frames that are kept.

    Args:
        encoder: The encoder; the layers behind the deepest one that is kept are removed.
        layers: Names of the layers to keep.
    """

    def __init__(self, encoder: Any, layers: Sequence[str]) -> None:
        super().__init__()
        numbers = [len(encoder.layers) if layer == "last" else int(layer) for layer in layers]
        encoder.layers = encoder.layers[: max(numbers)]
        self.encoder = encoder
        self.layers = layers

    def forward(self, mel: torch.Tensor, steps: int) -> dict[str, torch.Tensor]:
        """(batch, bands, mel frames) -> for each layer (batch, steps, dim)."""
        kept = {}
        for number, rows in enumerate(self._states(mel, steps)):
            if str(number) in self.layers:
                kept[str(number)] = rows[:, :steps]
        if "last" in self.layers:
            kept["last"] = self.encoder.layer_norm(rows[:, :steps])
        return kept

    def _states(self, mel: torch.Tensor, steps: int) -> Iterator[torch.Tensor]:
        """The input of the first layer and the output of each; of the last layer few frames."""
        encoder = self.encoder
        rows = gelu(encoder.conv2(gelu(encoder.conv1(mel)))).transpose(1, 2)
        rows = rows + encoder.embed_positions.weight
        yield rows
        for layer in encoder.layers[:-1]:
            rows = layer(rows, None)
            yield rows
        for layer in encoder.layers[-1:]:
            yield _first_frames(layer, rows, steps)


def _first_frames(layer: Any, rows: torch.Tensor, steps: int) -> torch.Tensor:
    """The first frames of a layer's output. They are exact, since they attend to all frames."""
    normed = layer.self_attn_layer_norm(rows)
    attended, _ = layer.self_attn(normed[:, :steps], key_value_states=normed)
    rows = rows[:, :steps] + attended
    widened = layer.activation_fn(layer.fc1(layer.final_layer_norm(rows)))
    output: torch.Tensor = rows + layer.fc2(widened)
    return output


def _joined(windows: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {layer: np.concatenate([each[layer] for each in windows]) for layer in windows[0]}
