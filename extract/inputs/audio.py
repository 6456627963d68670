"""Reads recordings, and finds unusable ones before any model is loaded."""

import hashlib
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from mdat_data import InputError
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.inputs.sound import Sound, opened
from mdat_extract.inputs.unusable import (
    refuse_silence,
    refuse_too_short,
    refuse_wrong_rate,
    refuse_wrong_values,
)

MARGIN = 0.1
"""Seconds read beyond the end of the wanted part: resampling changes samples near a cut."""

THREADS = 4
"""Number of recordings that are inspected at the same time."""


@dataclass(frozen=True, kw_only=True)
class AudioInfo:
    """Duration and checksum of an audio file.

    Attributes:
        duration: Duration of the whole recording, in seconds.
        sha256: Checksum of the file, in hexadecimal.
        samples_sha256: Checksum of the sampling rate and the samples, averaged over the channels:
            that of a copy in another lossless format is the same.
        decoder: The Python package that reads it.
    """

    duration: float
    sha256: str
    samples_sha256: str
    decoder: str


def load(path: Path, *, max_seconds: float = math.inf) -> np.ndarray:
    """Read a recording. Channels are averaged, other sampling rates are resampled.

    Args:
        path: A file of any format that libsndfile reads or, where av is installed, FFmpeg.
        max_seconds: Length of the beginning to read, in seconds. Its samples are those of the
            whole recording.

    Returns:
        (samples,) float32 at `SAMPLING_RATE`.

    Raises:
        InputError: The recording is truncated, empty, not audio, or shorter than one frame; or
            the part that is read is silent, or has values that are not finite or far too large.
    """
    with opened(path) as sound:
        waveform, _ = _beginning(sound, max_seconds)
        return waveform


def load_beginning(path: Path, max_seconds: float) -> tuple[np.ndarray, float]:
    """Read the beginning of a recording, and the rest in blocks to know how long it is.

    Args:
        path: As for `load`.
        max_seconds: As for `load`.

    Returns:
        What `load` returns, and the duration of the whole recording in seconds.

    Raises:
        InputError: As for `load`, but a truncation is found anywhere in the file.
    """
    with opened(path) as sound:
        waveform, read = _beginning(sound, max_seconds)
        samples = read + sum(len(block) for block in sound.blocks)
        return waveform, _resampled(samples, sound.rate) / SAMPLING_RATE


def blocks(sound: Sound) -> Iterator[np.ndarray]:
    """Read a recording to its end, a few seconds at once.

    Args:
        sound: The open recording.

    Yields:
        The samples that `load` gives, in order: (samples,) float32 at `SAMPLING_RATE`.

    Raises:
        InputError: As for `load`, except that silence is not refused.
    """
    refuse_wrong_rate(sound.rate)
    resampler = None
    if sound.rate != SAMPLING_RATE:
        resampler = soxr.ResampleStream(sound.rate, SAMPLING_RATE, 1, dtype="float32")
    for block in sound.blocks:
        refuse_wrong_values(block)
        mono = block.mean(axis=1)
        yield resampler.resample_chunk(mono) if resampler else mono
    if resampler:
        yield resampler.resample_chunk(np.empty(0, np.float32), last=True)


def inspect_audio(path: Path, *, max_seconds: float = math.inf) -> AudioInfo:
    """Read a whole recording once and check it. Long recordings are read in blocks.

    Args:
        path: The file.
        max_seconds: Length in seconds of the beginning that will be used.

    Returns:
        Its duration and checksum.

    Raises:
        InputError: As for `load`, but a truncation is found anywhere in the file.
    """
    with opened(path) as sound:
        samples_digest = hashlib.sha256(f"{sound.rate} Hz".encode())
        sound = replace(sound, blocks=_digested(sound.blocks, samples_digest))
        _, read = _beginning(sound, max_seconds)
        samples = read + sum(len(block) for block in sound.blocks)
        duration = _resampled(samples, sound.rate) / SAMPLING_RATE
        decoder = sound.decoder
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return AudioInfo(
        duration=duration,
        sha256=digest,
        samples_sha256=samples_digest.hexdigest(),
        decoder=decoder,
    )


def inspect_all(
    paths: list[Path], *, max_seconds: float = math.inf
) -> list[AudioInfo | InputError]:
    """Inspect many recordings, in a few threads.

    Args:
        paths: The files.
        max_seconds: Length in seconds of the beginnings that will be used.

    Returns:
        For each file its duration and checksum, or why it cannot be used.
    """
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(partial(_info_or_error, max_seconds=max_seconds), paths))


def _info_or_error(path: Path, max_seconds: float) -> AudioInfo | InputError:
    try:
        return inspect_audio(path, max_seconds=max_seconds)
    except InputError as error:
        return error


def _digested(blocks: Iterator[np.ndarray], digest: Any) -> Iterator[np.ndarray]:
    """The blocks of a recording, which the digest includes as they are read."""
    for block in blocks:
        digest.update(block.mean(axis=1).astype("<f4").tobytes())
        yield block


def _beginning(sound: Sound, max_seconds: float) -> tuple[np.ndarray, int]:
    """The first `max_seconds`, as `load` returns them, and the number of samples read for them."""
    refuse_wrong_rate(sound.rate)
    wanted, blocks, read = (max_seconds + MARGIN) * sound.rate, [], 0
    for block in sound.blocks:
        blocks.append(block)
        read += len(block)
        if read >= wanted:
            break
    channels = np.concatenate(blocks) if blocks else np.empty((0, 1), np.float32)
    channels = channels[: math.ceil(min(wanted, read))]  # (samples, channels)
    refuse_wrong_values(channels)
    mono: np.ndarray = channels.mean(axis=1)
    waveform = (
        mono if sound.rate == SAMPLING_RATE else soxr.resample(mono, sound.rate, SAMPLING_RATE)
    )
    refuse_too_short(len(waveform))
    part = ""
    if len(waveform) > max_seconds * SAMPLING_RATE:
        part = f" of the first {max_seconds:g} s"
        waveform = waveform[: round(max_seconds * SAMPLING_RATE)]
        mono = mono[: math.ceil(max_seconds * sound.rate)]
    refuse_silence(mono, sound.step, part)
    return waveform, read


def _resampled(samples: int, rate: int) -> int:
    """Number of samples after resampling by soxr: rounded, a half up."""
    return (2 * samples * SAMPLING_RATE + rate) // (2 * rate)
