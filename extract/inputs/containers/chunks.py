"""Files that consist of chunks, each with its name and size: WAV, AIFF, CAF and their relatives."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Literal

from mdat_data import InputError
from mdat_extract.inputs.containers.view import at, audio_size, refuse_surplus, size_of

FORMS = (b"RIFF", b"RIFX", b"RF64", b"BW64", b"FORM", b"riff", b"caff")
"""With one of these a file begins. Further on it is the beginning of another file."""

NAMES = (b"fmt ", b"fact", b"data", b"LIST", b"COMM", b"SSND", b"FVER")
"""Chunks that are recognised where the one before is odd and lacks the byte that makes it even."""

BLOCK = 2**20
"""Number of bytes that are looked at at once."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a kind of file writes its chunks.

    Attributes:
        order: Order of the bytes of a number.
        name: Number of bytes of the name of a chunk.
        size: Number of bytes of its size.
        own: Whether the size counts those of name and size.
        even: Chunks are padded to a multiple of this number of bytes.
    """

    order: Literal["little", "big"]
    name: int = 4
    size: int = 4
    own: bool = False
    even: int = 2

    def number(self, content: bytes) -> int:
        """The number that bytes stand for."""
        return int.from_bytes(content, self.order)


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A chunk.

    Attributes:
        name: Its name.
        start: Position of the first byte of its content.
        size: Number of bytes of its content by its header.
    """

    name: bytes
    start: int
    size: int


def chunks(file: BinaryIO, position: int, layout: Layout) -> Iterator[Chunk]:
    """Walk over the chunks from a position to the end of the file.

    Args:
        file: The file.
        position: Where the first chunk begins.
        layout: How chunks are written.

    Yields:
        Each chunk, as long as names follow. The content of the last may be incomplete.
    """
    end, header = size_of(file), layout.name + layout.size
    while position + header <= end:
        content = at(file, position, header)
        if not all(0x20 <= byte < 0x7F for byte in content[:4]):
            return
        size = layout.number(content[layout.name :])
        chunk = Chunk(
            name=content[: layout.name],
            start=position + header,
            size=max(0, size - header) if layout.own else size,
        )
        yield chunk
        if chunk.start + chunk.size > end:
            return
        position = _behind(file, chunk, layout)


def audio_range(file: BinaryIO, audio: Chunk, layout: Layout, *, bits: int, head: int = 0) -> range:
    """Where the audio lies.

    Args:
        file: The file.
        audio: The chunk that holds the audio.
        layout: How chunks are written.
        bits: Width of the number that gives the size of the chunk.
        head: Number of bytes of the chunk before the audio.

    Returns:
        The positions of the bytes of the chunk.

    Raises:
        InputError: The file has less audio than the header says, or much more.
    """
    available = size_of(file) - audio.start
    if audio.size <= head and _unexplained(file, audio, layout):
        size = available  # the header was written first, and never again
    else:
        size = audio_size(audio.size, available, bits=bits)
    refuse_surplus(size, _unexplained(file, replace(audio, size=size), layout))
    return range(audio.start, audio.start + size)


def _behind(file: BinaryIO, chunk: Chunk, layout: Layout) -> int:
    """Where the next chunk begins. Some programs forget to make a chunk even."""
    end = chunk.start + chunk.size
    return end if at(file, end, 4) in NAMES else end + -chunk.size % layout.even


def _unexplained(file: BinaryIO, audio: Chunk, layout: Layout) -> int:
    """Number of bytes behind the audio that are neither chunks nor zeros."""
    position, end = _behind(file, audio, layout), size_of(file)
    for chunk in chunks(file, position, layout):
        if chunk.name[:4] in FORMS:
            raise InputError(
                "expected one recording, got several files that were joined. Divide it at the "
                f"{chunk.name[:4].decode()} at byte {position}"
            )
        if chunk.start + chunk.size > end:
            break
        position = _behind(file, chunk, layout)
    return 0 if _only_zeros(file, position) else end - position


def _only_zeros(file: BinaryIO, position: int) -> bool:
    file.seek(position)
    return not any(block.strip(b"\0") for block in iter(lambda: file.read(BLOCK), b""))
