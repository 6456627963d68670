"""WAV and its relatives: RIFX (big-endian), RF64 and BW64 (beyond 4 GiB), Wave64."""

import struct
from collections.abc import Mapping
from dataclasses import replace
from typing import BinaryIO, cast

from mdat_data import InputError
from mdat_extract.inputs.containers.chunks import Chunk, Layout, audio_range, chunks
from mdat_extract.inputs.containers.mp3 import read_mp3
from mdat_extract.inputs.containers.view import View, at, size_of

LITTLE, BIG = Layout(order="little"), Layout(order="big")
WAVE64 = Layout(order="little", name=16, size=8, own=True, even=8)
WAVE64_NAME = bytes.fromhex("f3acd3118cd100c04f8edb8a")
"""The end of the 16 bytes that name a chunk of Wave64; the first four are those of WAV."""

MP3 = 0x55
"""Number of the encoding of MP3, which WAV may hold too."""

LARGEST = 2**32 - 2**17
"""Largest size in bytes that WAV is used for here; beyond, RF64."""

LONGEST_FORMAT = 2**16
"""Largest size in bytes of a chunk that describes the audio."""


def read_wav(file: BinaryIO, start: int) -> View | None:
    """Find the audio of a WAV, RIFX, RF64 or BW64 file.

    Args:
        file: The file.
        start: Where it begins.

    Returns:
        A WAV file of its format and audio alone, or the MP3 file inside. None if it holds
        something else, such as AVI.

    Raises:
        InputError: It is truncated, has no audio, or has much more than its header says.
    """
    form = at(file, start, 12)
    if len(form) == 12 and form[8:] != b"WAVE":
        return None
    layout = BIG if form[:4] == b"RIFX" else LITTLE
    return _wav(file, start + 12, layout, form[:4] in (b"RF64", b"BW64"))


def read_wave64(file: BinaryIO, start: int) -> View | None:
    """Find the audio of a Sony Wave64 file; as for `read_wav`."""
    form = at(file, start + 24, 16)
    if len(form) == 16 and form != b"wave" + WAVE64_NAME:
        return None
    return _wav(file, start + 40, WAVE64, False)


def _wav(file: BinaryIO, position: int, layout: Layout, wide: bool) -> View | None:
    described: dict[bytes, bytes] = {}
    for chunk in chunks(file, position, layout):
        name = chunk.name[:4]
        if name == b"data":
            audio = _audio(file, chunk, layout, described.get(b"ds64", b"") if wide else b"")
            if layout.number(described.get(b"fmt ", b"")[:2]) == MP3:
                return read_mp3(cast(BinaryIO, View(file, [audio])), 0)
            return View(file, [_header(described, len(audio), layout), audio])
        if name in (b"fmt ", b"fact", b"ds64"):
            described[name] = at(file, chunk.start, min(chunk.size, LONGEST_FORMAT))
    raise InputError(
        "not audio, or truncated: expected the chunks of a WAV file up to `data`, got "
        f"{size_of(file)} bytes without it. Copy the file again from where it is whole"
    )


def _audio(file: BinaryIO, chunk: Chunk, layout: Layout, ds64: bytes) -> range:
    """Where the audio lies. The chunk `ds64` has its size where 32 bits are not enough."""
    if len(ds64) < 16 or chunk.size < 2**32 - 1:
        return audio_range(file, chunk, layout, bits=8 * layout.size)
    return audio_range(file, replace(chunk, size=layout.number(ds64[8:16])), layout, bits=64)


def _header(described: Mapping[bytes, bytes], size: int, layout: Layout) -> bytes:
    """What stands before the audio in a WAV file, or RF64 if it is that large."""
    wide, order = size > LARGEST, layout.order
    sizes = struct.pack("<QQQL", 0, size, 0, 0)  # of file, audio, samples (both ignored), a table
    parts = [(b"ds64", sizes)] * wide + [
        (name, described[name]) for name in (b"fmt ", b"fact") if name in described
    ]
    body = b"".join(
        name + len(content).to_bytes(4, order) + content + b"\0" * (len(content) % 2)
        for name, content in parts
    )
    form = b"RF64" if wide else b"RIFX" if order == "big" else b"RIFF"
    whole, audio = (2**32 - 1,) * 2 if wide else (4 + len(body) + 8 + size, size)
    return form + whole.to_bytes(4, order) + b"WAVE" + body + b"data" + audio.to_bytes(4, order)
