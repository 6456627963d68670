"""Reads recordings, and finds the ones that cannot be used before any model is loaded."""

import hashlib
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
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

MARGIN = 0.1
"""Seconds read beyond the end of what is wanted, where resampling would feel the cut."""

BLOCK = 2**20
"""Values read at once of what lies behind the end: 4 MiB."""

THREADS = 4


@dataclass(frozen=True, kw_only=True)
class Look:
    """The facts about a recording.

    Attributes:
        duration: Of the whole recording, in seconds.
        sha256: Of the file, in hexadecimal.
    """

    duration: float
    sha256: str


def load(path: Path, *, max_seconds: float = math.inf) -> np.ndarray:
    """Read a recording; channels are averaged, other sampling rates are resampled.

    Args:
        path: A file of any format that libsndfile reads.
        max_seconds: Read only the beginning. It is what the whole recording would give there.

    Returns:
        (samples,) float32 at `SAMPLING_RATE`.

    Raises:
        InputError: The recording is truncated, empty, not audio, or shorter than `MIN_SAMPLES`; or
            the part that is read is silent throughout or holds values that are not finite.
    """
    with _opened(path) as file:
        return _beginning(file, max_seconds)


def look(path: Path, *, max_seconds: float = math.inf) -> Look:
    """Read a recording once, for its facts; of a long one only a block is in memory.

    Args:
        path: The file.
        max_seconds: Only the beginning will be used.

    Returns:
        The facts.

    Raises:
        InputError: As for `load`; truncated anywhere.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror}") from error
    with _opened(path) as audio:
        _beginning(audio, max_seconds)
        _read_to_the_end(audio)
        duration = _resampled(audio.frames, audio.samplerate) / SAMPLING_RATE
    return Look(duration=duration, sha256=digest)


def look_at_all(paths: list[Path], *, max_seconds: float = math.inf) -> list[Look | InputError]:
    """Look at many recordings in a few threads.

    Args:
        paths: The files.
        max_seconds: Only the beginnings will be used.

    Returns:
        For each file its facts, or why it cannot be used.
    """
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(partial(_look_or_error, max_seconds=max_seconds), paths))


def _look_or_error(path: Path, max_seconds: float) -> Look | InputError:
    try:
        return look(path, max_seconds=max_seconds)
    except InputError as error:
        return error


@contextmanager
def _opened(path: Path) -> Iterator[soundfile.SoundFile]:
    _refuse_wrong_size(path)
    try:
        with soundfile.SoundFile(path) as file:
            yield file
    except soundfile.LibsndfileError as error:
        raise InputError(f"not audio that libsndfile reads: {error.error_string}") from error


def _beginning(file: soundfile.SoundFile, max_seconds: float) -> np.ndarray:
    """The first `max_seconds` of an open file, as `load` returns them."""
    rate = file.samplerate
    wanted = min(file.frames, math.ceil(min(max_seconds + MARGIN, file.frames / rate) * rate))
    channels: np.ndarray = file.read(wanted, dtype="float32", always_2d=True)  # (samples, channels)
    if len(channels) < wanted:
        raise _truncated(file, len(channels))
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
    if len(waveform) > max_seconds * SAMPLING_RATE:
        waveform = waveform[: round(max_seconds * SAMPLING_RATE)]
    if not waveform.any():
        raise InputError(f"silent: every sample{_in_the_first(file, waveform)} is zero")
    return waveform


def _read_to_the_end(file: soundfile.SoundFile) -> None:
    """A compressed file tells that it is truncated only to who reads it through."""
    block = np.empty((BLOCK // file.channels, file.channels), np.float32)
    while len(file.read(out=block)) == len(block):
        pass
    if file.tell() < file.frames:
        raise _truncated(file, file.tell())


def _resampled(samples: int, rate: int) -> int:
    """Number of samples that soxr makes of so many: rounded, a half up."""
    return (2 * samples * SAMPLING_RATE + rate) // (2 * rate)


def _truncated(file: soundfile.SoundFile, came: int) -> InputError:
    return InputError(f"truncated: the header promises {file.frames} samples, {came} came")


def _in_the_first(file: soundfile.SoundFile, waveform: np.ndarray) -> str:
    whole = len(waveform) == _resampled(file.frames, file.samplerate)
    return "" if whole else f" of the first {len(waveform) / SAMPLING_RATE:g} s"


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
