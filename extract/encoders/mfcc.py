"""Mel-frequency cepstral coefficients of speech, and their derivatives. Needs no download."""

from collections.abc import Sequence

import librosa
import numpy as np

from mdat_extract.encoders.encoder import resolve_layers
from mdat_extract.inputs.audio import SAMPLING_RATE

COEFFICIENTS = 13
WINDOW = 512
"""Length of a frame in samples: 32 ms."""
HOP = 320
"""Samples from one frame to the next: 20 ms."""
DELTA_WINDOW = 9
"""Number of frames from which a derivative is estimated."""


class MFCC:
    """Mel-frequency cepstral coefficients, and their first and second derivatives.

    Args:
        layers: Names of layers; only `last` exists, and `middle` means the same.

    Example:
        ```python
        >>> [features] = MFCC().encode([np.sin(np.arange(16_000, dtype=np.float32) / 10)])
        >>> features["last"].shape
        (51, 39)

        ```
    """

    modality = "speech"
    name = "mfcc"
    revision = f"{COEFFICIENTS}-{WINDOW}-{HOP}-delta-{DELTA_WINDOW}"
    dim = 3 * COEFFICIENTS
    precision = "float32"
    packages: tuple[str, ...] = ("librosa",)
    frames_per_second: float = SAMPLING_RATE / HOP

    def __init__(self, layers: Sequence[str] = ("last",)) -> None:
        self.layers = resolve_layers(layers, depth=0)

    def encode(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        """Encode waveforms.

        Args:
            batch: Waveforms, (samples,) float32 at 16 kHz.

        Returns:
            For each waveform {"last": (steps, dim) float32}.
        """
        return [{"last": _coefficients(waveform)} for waveform in batch]


def _coefficients(waveform: np.ndarray) -> np.ndarray:
    padded = np.pad(waveform, (0, max(0, WINDOW - len(waveform))))
    mfcc = librosa.feature.mfcc(
        y=padded, sr=SAMPLING_RATE, n_mfcc=COEFFICIENTS, n_fft=WINDOW, hop_length=HOP
    )  # (coefficients, steps)
    deltas = [
        librosa.feature.delta(mfcc, width=DELTA_WINDOW, order=order, mode="nearest")
        for order in (1, 2)
    ]
    return np.vstack([mfcc, *deltas]).T.astype(np.float32)
