"""Ogg: whether the pages of a Vorbis, Opus or FLAC stream are all there.

The format is that of RFC 3533.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from mdat_data import InputError
from mdat_extract.inputs.containers.flac import read_flac
from mdat_extract.inputs.containers.view import TRIMMINGS, View, at, size_of

HEADER = 27
"""Bytes of the header of a page before the sizes of its segments."""

FIRST, LAST = 2, 4
"""Flags of the first and the last page of a stream."""


FLAC, FLAC_HEAD = b"\x7fFLAC", 9
"""How the first page of FLAC begins, and the number of bytes before the FLAC file itself."""


class Page(NamedTuple):
    """A page.

    Attributes:
        flags: Its flags.
        number: Its number in its stream.
        content: Where its content lies in the file.
    """

    flags: int
    number: int
    content: range


def read_ogg(file: BinaryIO, start: int) -> View | None:
    """Look at every page of an Ogg file.

    Args:
        file: The file.
        start: Where it begins.

    Returns:
        The file, or a FLAC stream as a file of its own. None if it has several streams: libsndfile
        reads only one.

    Raises:
        InputError: Pages are missing.
    """
    pages = list(_pages(file, start))
    if any(page.flags & FIRST for page in pages[1:]):
        return None
    for expected, page in enumerate(pages, pages[0].number if pages else 0):
        if page.number != expected:
            raise InputError(
                f"damaged: expected page {expected} of the Ogg stream, got {page.number}. Copy the "
                "file again from where it is whole"
            )
    stop = pages[-1].content.stop if pages else start
    if not pages or not pages[-1].flags & LAST or size_of(file) - stop > TRIMMINGS:
        raise InputError(
            "truncated: expected a page that is marked as the last of the Ogg stream, got "
            f"{len(pages)} others and {size_of(file) - stop} bytes. Copy the file again from where "
            "it is whole"
        )
    if at(file, pages[0].content.start, len(FLAC)) == FLAC:
        packets = [pages[0].content[FLAC_HEAD:], *(page.content for page in pages[1:])]
        return read_flac(cast(BinaryIO, View(file, packets)), 0)
    return View(file, [range(start, stop)])


def _pages(file: BinaryIO, position: int) -> Iterator[Page]:
    """The pages from a position on that are whole."""
    end = size_of(file)
    while len(header := at(file, position, HEADER)) == HEADER and header.startswith(b"OggS"):
        segments = at(file, position + HEADER, header[26])
        stop = position + HEADER + header[26] + sum(segments)
        if len(segments) < header[26] or stop > end:
            return
        number = int.from_bytes(header[18:22], "little")
        content = range(stop - sum(segments), stop)
        yield Page(flags=header[5], number=number, content=content)
        position = stop
