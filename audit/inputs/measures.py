"""Measures of a recording that say something of how it was made, or how it was spoken."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from mdat_extract.inputs.sound import opened

LONGEST = 60.0
"""Seconds of the beginning of a recording that are measured."""

FRAME = 0.01
"""Seconds of a frame of the loudness."""

SILENT = 40.0
"""A frame is silent where it is this many dB below the loudest one."""

REACH = 70.0
"""The bandwidth ends where the spectrum is this many dB below its highest point for good."""

WINDOW = 1024
"""Samples of a window of the spectrum."""

TINY = 1e-12
"""Lower limit of a power, so that its logarithm is finite."""


@dataclass(frozen=True, kw_only=True)
class Measures:
    """Measures of a recording, relative to full scale where they are of its samples.

    Attributes:
        loudness: Root mean square, in dB.
        peak: Largest amplitude, in dB.
        silence: Share of the frames that are silent, from 0 to 1.
        before: Seconds of silence at the start.
        after: Seconds of silence at the end.
        offset: DC offset: the mean of the samples, in millionths.
        bandwidth: Highest frequency in the spectrum, in Hz.
        rate: Sampling rate, in Hz.
    """

    loudness: float
    peak: float
    silence: float
    before: float
    after: float
    offset: float
    bandwidth: float
    rate: float


NAMES = tuple(field.name for field in fields(Measures))


def measure(path: Path) -> Measures:
    """Measure a recording; of a long one the first `LONGEST` seconds.

    Args:
        path: A file that `mdat_extract` can read.

    Returns:
        The measures.

    Raises:
        InputError: The recording cannot be read.
    """
    samples, rate = _read(path)
    # Under a window, for a wave that the ends cut has a mean too.
    offset = float(np.average(samples, weights=np.hanning(len(samples) + 2)[1:-1]))
    samples = samples - offset
    levels = _levels(samples, rate)
    loud = levels >= levels.max() - SILENT
    return Measures(
        loudness=float(10 * np.log10(np.mean(samples**2) + TINY)),
        peak=float(20 * np.log10(np.abs(samples).max() + TINY)),
        silence=float(1 - loud.mean()),
        before=FRAME * int(loud.argmax()),
        after=FRAME * int(loud[::-1].argmax()),
        offset=1e6 * offset,
        bandwidth=_bandwidth(samples, rate),
        rate=float(rate),
    )


def _read(path: Path) -> tuple[np.ndarray, int]:
    """The first samples (T,) float64, averaged over the channels, and their rate."""
    with opened(path) as sound:
        wanted, blocks, got = int(LONGEST * sound.rate), [], 0
        for block in sound.blocks:
            blocks.append(block.mean(axis=1, dtype=np.float64))
            got += len(block)
            if got >= wanted:
                break
        return np.concatenate(blocks)[:wanted], sound.rate


def _levels(samples: np.ndarray, rate: int) -> np.ndarray:
    """Power of every frame, in dB."""
    size = max(1, round(FRAME * rate))
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    return np.asarray(10 * np.log10(np.mean(frames**2, axis=1) + TINY))


def _bandwidth(samples: np.ndarray, rate: int) -> float:
    padded = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[:: WINDOW // 2]
    power = np.mean(np.abs(np.fft.rfft(windows * np.hanning(WINDOW))) ** 2, axis=0)
    within = np.flatnonzero(power >= power.max() * 10 ** (-REACH / 10))
    return float(within[-1] * rate / WINDOW)
