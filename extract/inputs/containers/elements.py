"""MP4, Matroska, ASF and AVI: whether the elements of a file are as long as they say."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from mdat_extract.inputs.containers.view import at, size_of, truncated

EBML = bytes.fromhex("1a45dfa3")
"""How Matroska and WebM begin."""

NESTED = (bytes.fromhex("18538067"), bytes.fromhex("1f43b675"))
"""Elements of Matroska that consist of elements: the segment and its clusters."""

ASF = bytes.fromhex("3026b2758e66cf11")
"""How ASF (WMA) begins."""

MP4 = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
"""Bytes 5 to 8 of MP4, M4A, MOV and 3GP."""

HEADER = 24
"""Largest number of bytes of the header of an element."""


def refuse_truncated(file: BinaryIO) -> None:
    """Compare the sizes of the elements with that of the file. Other formats are left alone.

    Args:
        file: The file.

    Raises:
        InputError: It is truncated.
    """
    begin = at(file, 0, 12)
    if begin[:4] == EBML:
        stops = _matroska(file)
    elif begin[:8] == ASF:
        stops = _stops(file, _object)
    elif begin[4:8] in MP4:
        stops = _stops(file, _box)
    elif begin[:4] + begin[8:] == b"RIFFAVI ":
        stops = _stops(file, _riff)
    else:
        return
    end = size_of(file)
    for stop in stops:
        if stop > end:
            raise truncated(stop, end, "bytes")


def _stops(file: BinaryIO, size_in: Callable[[bytes], int]) -> Iterator[int]:
    """Where each element ends, up to one whose size is open."""
    position, end = 0, size_of(file)
    while position < end and (size := size_in(at(file, position, HEADER))) >= 8:
        position += size
        yield position


def _box(header: bytes) -> int:
    """The size of a box of MP4; 0 means up to the end of the file."""
    size = int.from_bytes(header[:4], "big")
    return int.from_bytes(header[8:16], "big") if size == 1 else size


def _object(header: bytes) -> int:
    """The size of an object of ASF."""
    return int.from_bytes(header[16:24], "little")


def _riff(header: bytes) -> int:
    """The size of the RIFF of AVI. That of a pipe, which is too large, is refused as well."""
    return 8 + int.from_bytes(header[4:8], "little")


def _matroska(file: BinaryIO) -> Iterator[int]:
    """Where each element ends. Segments and clusters may leave it open."""
    position, end = 0, size_of(file)
    while position < end:
        header = at(file, position, HEADER).ljust(HEADER, b"\0")
        name = header[: _length(header[0])]
        length = _length(header[len(name)])
        content = position + len(name) + length
        size = int.from_bytes(header[len(name) :][:length], "big") % 2 ** (7 * length)
        known = size < 2 ** (7 * length) - 1
        if known:
            yield content + size
        elif name not in NESTED:
            return
        position = content if name in NESTED else content + size


def _length(first: int) -> int:
    """Number of bytes of a number of EBML, given the first."""
    return 9 - first.bit_length()
