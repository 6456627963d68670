"""Log-mel bands, pitch, voicing and energy of speech. Needs no download, no weights, no torch."""

from collections.abc import Sequence
from functools import cached_property

import librosa
import numpy as np

from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders.encoder import resolve_layers

BANDS = 29
FFT = 512
WINDOW = 400
"""Length of a frame in samples: 25 ms."""
HOP = 160
"""Samples from one frame to the next: 10 ms."""
FLOOR = 1e-8
"""Lower limit of the power, so that the logarithm of silence is finite."""
PITCH_WINDOW = 1024
"""Length in samples of the window for the pitch: 64 ms, four periods of the lowest voice."""
PITCH_RANGE = (60.0, 500.0)
"""Lowest and highest pitch, in Hz."""
FRAMES = 8
"""Number of frames whose mean and standard deviation make one step."""
FRAME_HOP = 4
"""Frames from one step to the next: 25 steps per second."""
ENERGY = BANDS + 2
"""Column of the mean of the logarithm of the energy."""


class LogMel:
    """Mean and standard deviation of acoustic features over short windows.

    Every 10 ms a frame gives `BANDS` log-mel energies, the logarithm of the pitch, the strength of
    voicing and the logarithm of the energy. The mean of the waveform is removed before.

    Args:
        layers: Names of layers; only `last` exists, and `middle` means the same.

    Example:
        ```python
        >>> [features] = LogMel().encode([np.sin(np.arange(16_000, dtype=np.float32) / 10)])
        >>> features["last"].shape
        (24, 64)

        ```
    """

    modality = "speech"
    name = "logmel"
    revision = (
        f"{BANDS}-bands-{FFT}-{WINDOW}-{HOP}-pitch-{PITCH_RANGE[0]:g}-{PITCH_RANGE[1]:g}-"
        f"{PITCH_WINDOW}-mean-std-{FRAMES}-{FRAME_HOP}-centred"
    )
    dim = 2 * (BANDS + 3)
    precision = "float32"
    packages: tuple[str, ...] = ("librosa",)
    frames_per_second: float = SAMPLING_RATE / HOP / FRAME_HOP

    def __init__(self, layers: Sequence[str] = ("last",)) -> None:
        self.layers = resolve_layers(layers, depth=0)

    def encode(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        """Encode waveforms.

        Args:
            batch: Waveforms, (samples,) float32 at 16 kHz.

        Returns:
            For each waveform {"last": (steps, dim) float32}.
        """
        return [{"last": _summarise(self._frames(_centred(waveform)))} for waveform in batch]

    def _frames(self, waveform: np.ndarray) -> np.ndarray:
        spectrum = np.abs(
            librosa.stft(_at_least(waveform, FFT), n_fft=FFT, win_length=WINDOW, hop_length=HOP)
        )
        mel = self._filters @ spectrum**2  # (bands, frames)
        energy = np.log(np.maximum(mel.sum(axis=0), FLOOR))
        pitch, voicing = _pitch(waveform, mel.shape[1])
        return np.column_stack([np.log(np.maximum(mel, FLOOR)).T, pitch, voicing, energy])

    @cached_property
    def _filters(self) -> np.ndarray:
        filters: np.ndarray = librosa.filters.mel(sr=SAMPLING_RATE, n_fft=FFT, n_mels=BANDS)
        return filters


def _centred(waveform: np.ndarray) -> np.ndarray:
    """The waveform without its mean, which a constant offset of a sound card changes."""
    centred: np.ndarray = (waveform - waveform.mean(dtype=np.float64)).astype(np.float32)
    return centred


def _pitch(waveform: np.ndarray, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the highest peak of the autocorrelation in each frame.

    Args:
        waveform: (samples,)
        frames: Number of frames, `HOP` samples apart, the first centred on the first sample.

    Returns:
        The logarithm of the pitch relative to the middle of its range, multiplied by the voicing;
        and the voicing, which is the height of the peak, from 0 (noise) to 1 (periodic). Both are
        (frames,).
    """
    padded = np.pad(waveform, PITCH_WINDOW // 2 + HOP)
    starts = HOP + HOP * np.arange(frames)
    windows = np.lib.stride_tricks.sliding_window_view(padded, PITCH_WINDOW)
    window = np.hanning(PITCH_WINDOW).astype(np.float32)
    correlation = _autocorrelation(windows[starts] * window) / _autocorrelation(window)
    shortest, longest = (round(SAMPLING_RATE / limit) for limit in reversed(PITCH_RANGE))
    in_range = correlation[:, shortest : longest + 1] / np.maximum(correlation[:, :1], FLOOR)
    voicing = np.clip(in_range.max(axis=1), 0, 1)
    pitch = SAMPLING_RATE / (shortest + in_range.argmax(axis=1))
    return np.log(pitch / np.sqrt(np.prod(PITCH_RANGE))) * voicing, voicing


def _autocorrelation(frames: np.ndarray) -> np.ndarray:
    """(..., samples) -> (..., lags), for lags up to half the window."""
    samples = frames.shape[-1]
    power = np.abs(np.fft.rfft(frames, samples + samples // 2)) ** 2
    return np.fft.irfft(power)[..., : samples // 2]


def _summarise(frames: np.ndarray) -> np.ndarray:
    """(frames, values) -> (steps, 2 * values) float32."""
    short = max(0, FRAMES - len(frames))
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(frames, ((0, short), (0, 0)), mode="edge"), FRAMES, axis=0
    )[::FRAME_HOP]  # (steps, values, FRAMES)
    return np.hstack([windows.mean(axis=-1), windows.std(axis=-1)]).astype(np.float32)


def _at_least(waveform: np.ndarray, samples: int) -> np.ndarray:
    return np.pad(waveform, (0, max(0, samples - len(waveform))))
