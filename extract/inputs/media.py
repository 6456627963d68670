"""Recordings and films that libsndfile does not read, such as M4A and WebM, through FFmpeg."""

from collections.abc import Iterator
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from mdat_data import InputError
from mdat_extract.inputs.containers.elements import refuse_truncated

if TYPE_CHECKING:
    import av

FORMATS = "mov,matroska,asf,avi,aac,amr,ogg,wav,w64,aiff,caf,au,nistsphere"
"""FFmpeg's names of the formats in which a truncation is found."""


def read(file: BinaryIO) -> tuple[int, Iterator[np.ndarray]]:
    """Open the first audio track of a file.

    Args:
        file: The file.

    Returns:
        Its sampling rate in Hz, and its samples: blocks of (samples, channels) float32. Damage
        may show only when the last block is read.

    Raises:
        InputError: av is not installed, or the file is truncated, or of another format.
    """
    if not find_spec("av"):
        raise InputError(
            "expected WAV, FLAC, MP3, Ogg, AIFF, AU, CAF, Wave64 or NIST audio in an encoding that "
            "libsndfile reads, got something else. If it is audio or video, such as M4A or WebM, "
            'install what reads it: pip install "mdat-keras[media]"'
        )
    refuse_truncated(file)
    frames = _frames(file)
    first = next(frames, None)
    if not first:
        raise InputError("expected a track of audio, got none. Leave the file out")
    return first.sample_rate, (_channels(frame) for frame in chain([first], frames))


def _frames(file: BinaryIO) -> Iterator["av.AudioFrame"]:
    """The decoded frames of the first audio track, in float32."""
    import av

    file.seek(0)
    try:
        with av.open(file, "r", options={"format_whitelist": FORMATS}) as container:
            # Channels interleaved: where each is apart, PyAV reads beyond the memory of the ninth.
            resampler = av.AudioResampler(format="flt")
            tracks = container.streams.audio[:1]
            for packet in container.demux(tracks) if tracks else ():
                if packet.is_corrupt:
                    raise ValueError("a part of a packet is missing")
                for frame in packet.decode():
                    yield from resampler.resample(frame)
    except (av.FFmpegError, ValueError, OSError) as error:
        raise InputError(
            f"not audio, or damaged: expected a format that FFmpeg reads to its end ({FORMATS}), "
            f"but it fails ({error}). Convert it to WAV or FLAC where it is whole"
        ) from error


def _channels(frame: "av.AudioFrame") -> np.ndarray:
    """(samples, channels) of a frame."""
    return frame.to_ndarray().reshape(frame.samples, frame.layout.nb_channels)
