"""MP3: the number of its frames, counted. A header has it only if the writer put it there.

libsndfile estimates the number where an information frame is missing, and reads no further. So it
is given the frames behind an information frame that has the number.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from mdat_data import InputError
from mdat_extract.inputs.containers.mpeg import VBRI, Frame, frames, parse, side_size
from mdat_extract.inputs.containers.view import View, at, size_of, truncated

INFORMATION = 200
"""Number of bytes that an information frame has at least."""

LATE = 529
"""Number of samples that a decoder is late by."""


def read_mp3(file: BinaryIO, start: int) -> View | None:
    """Find the frames of an MP3 file, or of several that were joined.

    Args:
        file: The file.
        start: Where the search for the first frame begins.

    Returns:
        An MP3 file of the frames alone. None if there is none.

    Raises:
        InputError: It is truncated, or was joined from files of different kinds.
    """
    found = list(frames(file, start))
    if not found:
        return None
    _refuse_mixture(found)
    parts = _parts(found)
    for part in parts:
        _refuse_truncated(file, part)
    audio = [frame for frame in found if not frame.note and frame.stop <= size_of(file)]
    told, _ = _told(file, found[0])
    if len(parts) == 1 and found[0].note != VBRI and told == len(audio):
        return View(file, _ranges([found[0], *audio]))
    return View(file, [_information(at(file, found[0].start, 4), len(audio)), *_ranges(audio)])


def _parts(found: Iterable[Frame]) -> list[list[Frame]]:
    """Each part of a joined file begins with what it tells about itself."""
    parts: list[list[Frame]] = []
    for frame in found:
        if frame.note or not parts:
            parts.append([])
        parts[-1].append(frame)
    return parts


def _refuse_mixture(found: Sequence[Frame]) -> None:
    kinds = {(frame.rate, frame.mono): None for frame in found}
    if len(kinds) > 1:
        listed = ", ".join(f"{rate} Hz {'mono' if mono else 'stereo'}" for rate, mono in kinds)
        raise InputError(
            f"expected one recording, got an MP3 file that was joined from several: {listed}. "
            "Divide it, or encode it again"
        )


def _refuse_truncated(file: BinaryIO, part: Sequence[Frame]) -> None:
    end = size_of(file)
    got = sum(not frame.note and frame.stop <= end for frame in part)
    told, size = _told(file, part[0])
    # Some writers count the information frame too; they are known by the number of bytes.
    if got < told and not 0 < size <= min(part[-1].stop, end) - part[0].start:
        raise truncated(told, got, "frames")
    if not told and (part[-1].stop > end or _is_cut_header(at(file, part[-1].stop, 4))):
        raise InputError(
            "truncated: expected a whole MP3 frame at the end, got a part of one. Copy the file "
            "again from where it is whole"
        )


def _is_cut_header(rest: bytes) -> bool:
    return 0 < len(rest) < 4 and rest[0] == 0xFF and rest[1:2] >= b"\xe0" * len(rest[1:2])


def _told(file: BinaryIO, frame: Frame) -> tuple[int, int]:
    """Numbers of frames and of bytes that an information frame tells; 0 if it does not."""
    content = at(file, frame.start + frame.note, 18)
    if not frame.note or len(content) < 18:
        return 0, 0
    if frame.note == VBRI:
        size, count = struct.unpack(">LL", content[10:])
        return count, size
    flags, first, second = struct.unpack(">LLL", content[4:16])
    if not flags & 1:
        return 0, 0
    return first, second if flags & 2 else 0


def _information(header: bytes, count: int) -> bytes:
    """An information frame and a silent one, which stand before `count` frames.

    What knows the number of frames cuts off the first 529 samples at least, which a decoder is late
    by. Where no such number was, nothing was cut off: so a silent frame takes the loss, and the
    information frame says that it is to be cut off as a whole.
    """
    headers = (  # the bit rate decides the size
        bytes([0xFF, header[1] | 1, bits << 4 | header[2] & 0x0C, header[3]])
        for bits in range(1, 15)
    )
    new, frame = next(
        (new, frame) for new in headers if (frame := parse(new)) and frame.size >= INFORMATION
    )
    delay = (frame.samples - LATE) << 12
    told = b"Info" + struct.pack(">LL", 1, count + 1) + b"LAME".ljust(21, b"\0")
    head = new + bytes(side_size(frame.version, frame.mono)) + told + delay.to_bytes(3, "big")
    return head.ljust(frame.size, b"\0") + new.ljust(frame.size, b"\0")


def _ranges(found: Iterable[Frame]) -> list[range]:
    """Where frames lie; neighbours are taken together."""
    ranges: list[range] = []
    for frame in found:
        if ranges and ranges[-1].stop == frame.start:
            ranges[-1] = range(ranges[-1].start, frame.stop)
        else:
            ranges.append(range(frame.start, frame.stop))
    return ranges
