"""Opens a recording with the library that reads it, and gives its samples in blocks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile

from mdat_data import InputError
from mdat_extract.inputs import media
from mdat_extract.inputs.containers import find_audio
from mdat_extract.inputs.containers.view import View, at, truncated
from mdat_extract.inputs.not_audio import LOOKED_AT, refuse_not_audio

BLOCK = 2**16
"""Number of values that are read at once: 4 s of one channel at 16 kHz."""

STEP = 2.0**-15
"""Distance between the values of 16-bit audio, relative to full scale."""

LOSSY_STEP = 2.0**-13
"""What it becomes by an encoder that leaves out what is not heard."""

STEPS = {
    "PCM_S8": 2.0**-7,
    "PCM_U8": 2.0**-7,
    "PCM_24": 2.0**-23,
    "PCM_32": 2.0**-23,
    "FLOAT": 2.0**-23,
    "DOUBLE": 2.0**-23,
    "ALAW": 2.0**-11,
    "ULAW": 2.0**-12,
    "GSM610": 2.0**-12,
    "VORBIS": LOSSY_STEP,
    "OPUS": LOSSY_STEP,
    "MPEG_LAYER_III": LOSSY_STEP,
}
"""Encoding -> distance between its small values, where it is not that of 16 bits."""

UNSUPPORTED = (1, 3, 4, 18, 64)
"""libsndfile's codes of errors for encodings that it does not know. Others tell of damage."""


@dataclass(frozen=True, kw_only=True)
class Sound:
    """An open recording.

    Attributes:
        rate: Sampling rate in Hz.
        step: Distance between small values, relative to full scale.
        blocks: All samples in order: blocks of (samples, channels) float32.
        decoder: The Python package that reads it.
    """

    rate: int
    step: float
    blocks: Iterator[np.ndarray]
    decoder: str


@contextmanager
def opened(path: Path) -> Iterator[Sound]:
    """Open a recording.

    Args:
        path: A file of any format that libsndfile reads or, where av is installed, FFmpeg.

    Yields:
        The recording. A truncation may show only when its last block is read.

    Raises:
        InputError: It cannot be opened, is truncated, or is not audio.
    """
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for its writer
            raise InputError("cannot be opened: not a file")
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror}") from error
    with file:
        audio = find_audio(file, path.name)
        if audio is None:
            refuse_not_audio(path, at(file, 0, LOOKED_AT))
        sound = _by_libsndfile(audio) if audio else None
        yield sound or _by_ffmpeg(file)


def _by_libsndfile(audio: View) -> Sound | None:
    """The recording; None if libsndfile does not know its encoding."""
    try:
        file = soundfile.SoundFile(audio)
    except soundfile.LibsndfileError as error:
        if error.code in UNSUPPORTED:
            return None
        raise _damaged(error) from error
    # soundfile seeks behind each block that it reads of a seekable file. For MP3 this takes three
    # times as long, and libmpg123 complains on the terminal.
    file.seekable = lambda: False
    step = STEPS.get(file.subtype, STEP)
    return Sound(rate=file.samplerate, step=step, blocks=_blocks(file), decoder="soundfile")


def _blocks(file: soundfile.SoundFile) -> Iterator[np.ndarray]:
    size, got = BLOCK // file.channels, 0
    with file:
        try:
            while len(block := file.read(size, dtype="float32", always_2d=True)):
                got += len(block)
                yield block
        except soundfile.LibsndfileError as error:
            raise _damaged(error) from error
        if got < file.frames:
            raise truncated(file.frames, got, "samples")


def _damaged(error: soundfile.LibsndfileError) -> InputError:
    return InputError(
        "damaged or truncated: expected audio to the end of the file, but libsndfile fails "
        f"({error.error_string}). Copy the file again from where it is whole"
    )


def _by_ffmpeg(file: BinaryIO) -> Sound:
    rate, blocks = media.read(file)
    return Sound(rate=rate, step=LOSSY_STEP, blocks=blocks, decoder="av")
