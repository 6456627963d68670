"""Reads recordings, and finds unusable ones before any model is loaded."""

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
from mdat_extract.config import SAMPLING_RATE

MIN_SAMPLES = 400
"""One window of the wav2vec2 convolutions (25 ms). Shorter recordings have no frame."""

UNKNOWN_SIZE = 0xFFFFFFFF
"""Size of the audio in the header of a WAV file that was written to a pipe; others write 0."""

MARGIN = 0.1
"""Seconds read beyond the end of the wanted part: resampling changes samples near a cut."""

BLOCK = 2**20
"""Number of values read at once after the wanted part: 4 MiB."""

THREADS = 4
"""Number of recordings that are inspected at the same time."""


@dataclass(frozen=True, kw_only=True)
class AudioInfo:
    """Duration and checksum of an audio file.

    Attributes:
        duration: Duration of the whole recording, in seconds.
        sha256: Checksum of the file, in hexadecimal.
    """

    duration: float
    sha256: str


def load(path: Path, *, max_seconds: float = math.inf) -> np.ndarray:
    """Read a recording. Channels are averaged, other sampling rates are resampled.

    Args:
        path: A file of any format that libsndfile reads.
        max_seconds: Length of the beginning to read, in seconds. Its samples are those of the
            whole recording.

    Returns:
        (samples,) float32 at `SAMPLING_RATE`.

    Raises:
        InputError: The recording is truncated, empty, not audio, or shorter than `MIN_SAMPLES`; or
            the part that is read is silent or has values that are not finite.
    """
    with _opened(path) as file:
        return _beginning(file, max_seconds)


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
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror}") from error
    with _opened(path) as audio:
        _beginning(audio, max_seconds)
        _read_to_the_end(audio)
        duration = _resampled(audio.frames, audio.samplerate) / SAMPLING_RATE
    return AudioInfo(duration=duration, sha256=digest)


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
    """Find a truncation of a compressed file, which shows only when the whole file is read."""
    block = np.empty((BLOCK // file.channels, file.channels), np.float32)
    while len(file.read(out=block)) == len(block):
        pass
    if file.tell() < file.frames:
        raise _truncated(file, file.tell())


def _resampled(samples: int, rate: int) -> int:
    """Number of samples after resampling by soxr: rounded, a half up."""
    return (2 * samples * SAMPLING_RATE + rate) // (2 * rate)


def _truncated(file: soundfile.SoundFile, got: int) -> InputError:
    return InputError(f"truncated: expected {file.frames} samples by the header, got {got}")


def _in_the_first(file: soundfile.SoundFile, waveform: np.ndarray) -> str:
    whole = len(waveform) == _resampled(file.frames, file.samplerate)
    return "" if whole else f" of the first {len(waveform) / SAMPLING_RATE:g} s"


def _refuse_wrong_size(path: Path) -> None:
    """Compare the size in a WAV header with the file: libsndfile reads a short file silently."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            raise InputError("empty: the file has no bytes")
        header = file.read(12)
        if header[:4] != b"RIFF" or header[8:] != b"WAVE":
            return
        expected = _audio_bytes_in_header(file)
        got = path.stat().st_size - file.tell()
    if expected == 0 < got:
        raise InputError(
            f"expected the size of the audio in the header, got 0, but {got} bytes follow, as when "
            "a program writes to a pipe. Write the file again with its true size"
        )
    if got < expected != UNKNOWN_SIZE:
        raise InputError(f"truncated: expected {expected} bytes of audio by the header, got {got}")


def _audio_bytes_in_header(file: BinaryIO) -> int:
    """Move to the audio of a WAV file and return its size as the header gives it."""
    while len(head := file.read(8)) == 8:
        size = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            return size
        file.seek(size + size % 2, 1)  # chunks begin at even positions
    return 0
