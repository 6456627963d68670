"""Divides a recording into segments. It is read in blocks, so that memory does not grow with it."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mdat_extract.config import SAMPLING_RATE
from mdat_extract.inputs.audio import blocks, load_beginning
from mdat_extract.inputs.sound import opened
from mdat_extract.inputs.unusable import MIN_SAMPLES, is_silent, refuse_too_short
from mdat_predict.config import AUTO, FIXED, PredictConfig
from mdat_predict.speech import SpeechFinder

LONGEST = 30.0
"""Seconds of the longest segment, where the encoder has no limit."""


@dataclass(frozen=True)
class Piece:
    """A segment that is not predicted yet.

    Attributes:
        start: Its beginning in seconds.
        end: Its end, likewise.
        waveform: (samples,) float32 at 16 kHz.
    """

    start: float
    end: float
    waveform: np.ndarray


Pieces = Generator[Piece, None, float]
"""Gives the segments of a recording in order, and returns its duration in seconds."""


def divided(path: Path, how: str, config: PredictConfig, crop: float | None) -> Pieces:
    """Divide a recording into segments.

    Args:
        path: The recording.
        how: `auto`, `fixed` or `whole`.
        config: Gives window and hop.
        crop: Seconds that the encoder takes at most; None where it has no limit.

    Raises:
        InputError: The recording cannot be used; found where it is read.
    """
    if how == AUTO:
        return speech(path, longest=min(crop or LONGEST, LONGEST))
    if how == FIXED:
        return fixed(path, window=config.window, hop=config.hop or config.window)
    return whole(path, crop=crop)


def whole(path: Path, *, crop: float | None) -> Pieces:
    """Take a recording as one segment, as extraction does: of a longer one the beginning."""
    waveform, duration = load_beginning(path, crop or LONGEST)
    yield Piece(0.0, min(duration, crop or duration), waveform)
    return duration


def fixed(path: Path, *, window: float, hop: float) -> Pieces:
    """Take windows; the last may be shorter, and those without any sound are left out."""
    size, step = round(window * SAMPLING_RATE), round(hop * SAMPLING_RATE)
    with opened(path) as sound:
        kept, start, covered = _Kept(), 0, 0
        for block in blocks(sound):
            kept.add(block)
            while kept.end >= start + size:
                piece = kept.piece(start, covered := start + size)
                if not is_silent(piece.waveform, sound.step):
                    yield piece
                start += step
                kept.forget(start)
        refuse_too_short(kept.end)
        if kept.end > covered and kept.end - start >= MIN_SAMPLES:
            piece = kept.piece(start, kept.end)
            if not is_silent(piece.waveform, sound.step):
                yield piece
        return kept.end / SAMPLING_RATE


def speech(path: Path, *, longest: float) -> Pieces:
    """Take what `SpeechFinder` finds."""
    with opened(path) as sound:
        kept, finder = _Kept(), SpeechFinder(round(longest * SAMPLING_RATE))
        for block in blocks(sound):
            kept.add(block)
            for span in finder.feed(block):
                yield kept.piece(*span)
            kept.forget(finder.needed)
        refuse_too_short(kept.end)
        for span in finder.finish():
            yield kept.piece(*span)
        return kept.end / SAMPLING_RATE


class _Kept:
    """The end of what was read of a recording.

    Attributes:
        end: Number of samples that were read.
    """

    def __init__(self) -> None:
        self.end = 0
        self._samples = np.empty(0, np.float32)

    def add(self, block: np.ndarray) -> None:
        self._samples = np.concatenate([self._samples, block])
        self.end += len(block)

    def forget(self, before: int) -> None:
        """Drop the samples before one."""
        kept = max(self.end - before, 0)
        self._samples = self._samples[len(self._samples) - min(kept, len(self._samples)) :].copy()

    def piece(self, first: int, last: int) -> Piece:
        """The samples from one to that before another."""
        begin = self.end - len(self._samples)
        waveform = self._samples[first - begin : last - begin].copy()
        return Piece(first / SAMPLING_RATE, last / SAMPLING_RATE, waveform)
