"""AIFF and AIFF-C."""

import struct
from typing import BinaryIO

from mdat_data import InputError
from mdat_extract.inputs.containers.chunks import Chunk, Layout, audio_range, chunks
from mdat_extract.inputs.containers.view import (
    View,
    at,
    is_stand_in,
    refuse_surplus,
    size_of,
    truncated,
)

LAYOUT = Layout(order="big")

HEAD = 8
"""Bytes before the audio in its chunk."""

WIDTHS = {
    b"": 0,
    b"NONE": 0,
    b"twos": 0,
    b"sowt": 0,
    b"ulaw": 1,
    b"ULAW": 1,
    b"alaw": 1,
    b"ALAW": 1,
}
"""Compression type, none in AIFF -> bytes of a sample; 0 for as many as its bits need."""

LONGEST = 2**16
"""Largest size in bytes of the chunk that describes the audio."""


def read_aiff(file: BinaryIO, start: int) -> View | None:
    """Find the audio of an AIFF or AIFF-C file.

    Args:
        file: The file.
        start: Where it begins.

    Returns:
        A file of its format and audio alone. None if it holds something else, such as 8SVX.

    Raises:
        InputError: It is truncated, has no audio, or has much more than its header says.
    """
    kind = at(file, start + 8, 4)
    if len(kind) == 4 and kind not in (b"AIFF", b"AIFC"):
        return None
    found: dict[bytes, Chunk] = {}
    for chunk in chunks(file, start + 12, LAYOUT):
        found.setdefault(chunk.name, chunk)
    if not {b"COMM", b"SSND"} <= found.keys():
        raise InputError(
            "not audio, or truncated: expected the chunks COMM and SSND of an AIFF file, got "
            f"{size_of(file)} bytes without them. Copy the file again from where it is whole"
        )
    common = at(file, found[b"COMM"].start, min(found[b"COMM"].size, LONGEST))
    audio = _trimmed(common, audio_range(file, found[b"SSND"], LAYOUT, bits=32, head=HEAD))
    body = kind + _chunk(b"COMM", common) + b"SSND" + len(audio).to_bytes(4, "big")
    return View(file, [b"FORM" + (len(body) + len(audio)).to_bytes(4, "big") + body, audio])


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "big") + content + b"\0" * (len(content) % 2)


def _trimmed(common: bytes, audio: range) -> range:
    """The audio without what lies behind the last frame by COMM, such as a byte to make it even."""
    if len(common) < 18 or common[18:22] not in WIDTHS:
        return audio
    channels, frames, bits = struct.unpack(">HLH", common[:8])
    declared = HEAD + frames * channels * (WIDTHS[common[18:22]] or (bits + 7) // 8)
    if not frames or is_stand_in(frames, bits=32):
        return audio
    if declared > len(audio):
        raise truncated(declared, len(audio), "bytes of audio")
    refuse_surplus(declared, len(audio) - declared)
    return audio[:declared]
