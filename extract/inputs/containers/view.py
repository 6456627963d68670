"""What libsndfile is given to read: parts of a file, with a header that is true."""

import io
import os
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import BinaryIO

from mdat_data import InputError

Pieces = Sequence[bytes | range]
"""Bytes of our own, and ranges of the bytes of a file."""

TRIMMINGS = 1024
"""Bytes behind the audio that may be anything, such as a tag: 32 ms of 16-bit audio at 16 kHz."""


class View(io.RawIOBase):
    """A file that consists of `pieces`.

    Args:
        file: The file that the ranges refer to. It must stay open.
        pieces: Its bytes in order.

    Example:
        ```python
        >>> View(io.BytesIO(b"0123456789"), [b"<", range(2, 5), b">"]).read()
        b'<234>'

        ```
    """

    def __init__(self, file: BinaryIO, pieces: Pieces) -> None:
        super().__init__()
        self._file = file
        self._pieces = pieces
        self._starts = list(accumulate((len(piece) for piece in pieces), initial=0))
        self._position = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read from any position."""
        return True

    def tell(self) -> int:
        """The position."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position; one outside becomes the nearest inside, since libsndfile tries."""
        base = (0, self._position, self._starts[-1])[whence]
        self._position = min(max(0, base + offset), self._starts[-1])
        return self._position

    def readinto(self, buffer: object) -> int:
        """Fill a buffer, as far as there are bytes."""
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        done = 0
        while done < len(target) and (got := self._read_piece(target[done:])):
            done += got
            self._position += got
        return done

    def _read_piece(self, target: memoryview) -> int:
        """Read what one piece has from the position on."""
        number = bisect_right(self._starts, self._position) - 1
        if number == len(self._pieces):
            return 0
        piece = self._pieces[number]
        rest = piece[self._position - self._starts[number] :][: len(target)]
        content = rest if isinstance(rest, bytes) else at(self._file, rest.start, len(rest))
        target[: len(content)] = content
        return len(content)


def at(file: BinaryIO, position: int, count: int) -> bytes:
    """The bytes of a file from a position on; fewer at its end."""
    file.seek(position)
    return file.read(count)


def size_of(file: BinaryIO) -> int:
    """Size of a file in bytes."""
    return file.seek(0, os.SEEK_END)


def tag_size(content: bytes) -> int:
    """Number of bytes of an ID3v2 tag, given its first ten; 0 if it is none."""
    if len(content) < 10 or not content.startswith(b"ID3"):
        return 0
    return 10 + sum(byte << shift for byte, shift in zip(content[6:], (21, 14, 7, 0), strict=True))


def is_stand_in(size: int, *, bits: int) -> bool:
    """Whether a size in a header means that the writer did not know it.

    Programs that write to a pipe put in the greatest number that the header holds, with a sign or
    without, or a little less.

    Example:
        ```python
        >>> is_stand_in(0x7FFFF000, bits=32), is_stand_in(4_000_000, bits=32)
        (True, False)

        ```
    """
    return any(0 <= limit - size <= 2**16 for limit in (2 ** (bits - 1), 2**bits))


def audio_size(declared: int, available: int, *, bits: int) -> int:
    """Size of the audio, given what the header says and what the file has.

    Args:
        declared: Size by the header, in bytes.
        available: Bytes from the first of the audio to the end of the file.
        bits: Width of the number in the header.

    Returns:
        The size in bytes.

    Raises:
        InputError: The file is truncated.

    Example:
        ```python
        >>> audio_size(0x7FFFF000, 5000, bits=32), audio_size(4000, 5000, bits=32)
        (5000, 4000)

        ```
    """
    if declared <= available:
        return declared
    if is_stand_in(declared, bits=bits):
        return available
    raise truncated(declared, available, "bytes of audio")


def truncated(expected: int, got: int, what: str) -> InputError:
    """The error for a file that has less than its header says."""
    return InputError(
        f"truncated: expected {expected} {what} by the header, got {got}; {expected - got} are "
        "missing. Copy the file again from where it is whole"
    )


def refuse_surplus(size: int, surplus: int) -> None:
    """Refuse a file that goes on behind its audio."""
    if surplus > TRIMMINGS:
        raise InputError(
            f"expected the end of the audio after {size} bytes by the header, but {surplus} bytes "
            "follow that are no part of it. Write the file again with its true size"
        )
