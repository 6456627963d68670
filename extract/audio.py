"""Reads recordings, and finds the ones that cannot be used before any model is loaded."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr

from mdat_data import InputError

SAMPLING_RATE = 16_000
"""In Hz, of every waveform that an encoder hears."""

MIN_SAMPLES = 400
"""One window of the wav2vec2 convolutions, 25 ms: nothing shorter has a frame."""

UNKNOWN_SIZE = 0xFFFFFFFF
"""Programs that write WAV to a pipe put it, or 0, where the size of the audio belongs."""

THREADS = 4


@dataclass(frozen=True, kw_only=True)
class Look:
    """The facts about a recording.

    Attributes:
        duration: In seconds.
        sha256: Of the file, in hexadecimal.
    """

    duration: float
    sha256: str


def load(path: Path) -> np.ndarray:
    """Read a recording; channels are averaged, other sampling rates are resampled.

    Args:
        path: A file of any format that libsndfile reads.

    Returns:
        (samples,) float32 at `SAMPLING_RATE`.

    Raises:
        InputError: The recording is truncated, empty, not audio, shorter than `MIN_SAMPLES`,
            silent throughout, or holds values that are not finite.
    """
    _refuse_wrong_size(path)
    try:
        with soundfile.SoundFile(path) as file:
            promised, rate = file.frames, file.samplerate
            channels: np.ndarray = file.read(dtype="float32", always_2d=True)  # (samples, channels)
    except soundfile.LibsndfileError as error:
        raise InputError(f"not audio that libsndfile reads: {error.error_string}") from error
    if len(channels) < promised:
        raise InputError(f"truncated: the header promises {promised} samples, {len(channels)} came")
    waveform: np.ndarray = channels.mean(axis=1)
    if not np.isfinite(waveform).all():
        raise InputError("not finite: some samples are NaN or infinity")
    if rate != SAMPLING_RATE:
        waveform = soxr.resample(waveform, rate, SAMPLING_RATE)
    if len(waveform) < MIN_SAMPLES:
        raise InputError(
            f"too short: {len(waveform)} samples at {SAMPLING_RATE} Hz, at least {MIN_SAMPLES} "
            "are needed"
        )
    if not waveform.any():
        raise InputError("silent: every sample is zero")
    return waveform


def look(path: Path) -> Look:
    """Read a recording once, for its facts.

    Args:
        path: The file.

    Returns:
        The facts.

    Raises:
        InputError: As for `load`.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror}") from error
    return Look(duration=len(load(path)) / SAMPLING_RATE, sha256=digest)


def look_at_all(paths: list[Path]) -> list[Look | InputError]:
    """Look at many recordings in a few threads.

    Args:
        paths: The files.

    Returns:
        For each file its facts, or why it cannot be used.
    """
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(_look_or_error, paths))


def _look_or_error(path: Path) -> Look | InputError:
    try:
        return look(path)
    except InputError as error:
        return error


def _refuse_wrong_size(path: Path) -> None:
    """Hold the size in a WAV header against the file: libsndfile reads less without a word."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            raise InputError("empty: the file has no bytes")
        header = file.read(12)
        if header[:4] != b"RIFF" or header[8:] != b"WAVE":
            return
        promised = _promised_audio_bytes(file)
        came = path.stat().st_size - file.tell()
    if promised == 0 < came:
        raise InputError(
            f"the header promises no audio, but {came} bytes follow, as when a program writes to "
            "a pipe: write the file again with its true size"
        )
    if came < promised != UNKNOWN_SIZE:
        raise InputError(f"truncated: the header promises {promised} bytes of audio, {came} came")


def _promised_audio_bytes(file: BinaryIO) -> int:
    """Move to the audio of a WAV file, and return the size that its header gives."""
    while len(head := file.read(8)) == 8:
        size = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            return size
        file.seek(size + size % 2, 1)  # chunks begin at even positions
    return 0
