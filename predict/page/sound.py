"""The sound of an upload, within the limits: its outline, and cuts of it."""

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from starlette.exceptions import HTTPException

from mdat_data import InputError
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.inputs.audio import blocks
from mdat_extract.inputs.sound import opened
from mdat_extract.inputs.unusable import MIN_SAMPLES
from mdat_predict.page.limits import TOO_LARGE

STEP = SAMPLING_RATE // 100
POINTS = 2000
"""Most points of an outline; a screen has no more columns."""


def heard(path: Path, *, max_seconds: float) -> Iterator[np.ndarray]:
    """Read a recording.

    Args:
        path: The file.
        max_seconds: Duration of the longest recording.

    Yields:
        Its samples in order: (samples,) float32 at 16 kHz.

    Raises:
        InputError: It cannot be read.
        HTTPException: It is longer. No more of it is read than that.
    """
    left = max_seconds * SAMPLING_RATE
    with opened(path) as sound:
        for block in blocks(sound):
            left -= len(block)
            if left < 0:
                raise HTTPException(
                    TOO_LARGE,
                    f"expected recordings of at most {max_seconds:g} seconds, got a longer one. "
                    "Cut it, or start mdat-serve with a larger --max-seconds.",
                )
            yield block


def cuts(
    path: Path, spans: Sequence[tuple[float, float]], *, max_seconds: float
) -> list[np.ndarray]:
    """Cut segments out of a recording, as the model heard them.

    Args:
        path: The file.
        spans: Start and end of each, in seconds.
        max_seconds: As for `heard`.

    Returns:
        (samples,) float32 at 16 kHz of each.

    Raises:
        InputError: The recording cannot be read, or a segment does not lie in it.
        HTTPException: The recording is too long.
    """
    whole = np.concatenate([np.empty(0, np.float32), *heard(path, max_seconds=max_seconds)])
    found = []
    for start, end in spans:
        inside = 0 <= start < end < math.inf
        first, last = (round(at * SAMPLING_RATE) for at in ((start, end) if inside else (0, 0)))
        found.append(whole[first:last])
        if len(found[-1]) < MIN_SAMPLES:
            raise InputError(
                f"expected segments in a recording of {len(whole) / SAMPLING_RATE:g} s, got one "
                f"from {start:g} to {end:g} s. Send each recording with its own segments."
            )
    return found


def outline(sound: Iterable[np.ndarray]) -> list[float]:
    """The loudest sample of each of up to `POINTS` equal parts of a recording.

    Args:
        sound: Its samples, in blocks.

    Example:
        >>> outline([np.full(200, 0.5), np.full(120, -0.25)])
        [0.5, 0.5]
    """
    rest, found = np.empty(0), [np.empty(0)]
    for block in sound:
        rest = np.concatenate([rest, np.abs(block)])
        whole = len(rest) // STEP * STEP
        found.append(rest[:whole].reshape(-1, STEP).max(axis=1))
        rest = rest[whole:]
    peaks = np.concatenate([*found, [rest.max()] if len(rest) else []])
    together = -(-len(peaks) // POINTS)
    filled = np.pad(peaks, (0, -len(peaks) % max(together, 1)))
    return [round(float(peak), 4) for peak in filled.reshape(-1, max(together, 1)).max(axis=1)]
