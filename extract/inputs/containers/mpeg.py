"""The frames of an MPEG audio file of layer III (MP3), one after the other."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from mdat_extract.inputs.containers.view import at, size_of, tag_size

KBIT = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Whether it is MPEG-1 -> the bit rates in kbit/s."""

RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""Version -> sampling rates in Hz: 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5."""

VBRI = 36
"""Position in a frame of what Fraunhofer's encoder tells about the file."""

FOLLOWING = 2
"""Number of frames that must follow one that is searched for."""

HEADER = 44
"""Bytes that are read of each frame: as far as the first word of an information frame."""

SEARCHED = 2**16
"""Number of bytes that are searched for a frame at once."""


class Frame(NamedTuple):
    """A frame.

    Attributes:
        start: Its position in the file.
        size: Number of its bytes.
        version: 3, 2 or 0, as in `RATES`.
        rate: Sampling rate in Hz.
        mono: Whether it has one channel.
        note: Position in the frame of what it tells about the file; 0 in a frame of audio.
    """

    start: int
    size: int
    version: int
    rate: int
    mono: bool
    note: int

    @property
    def stop(self) -> int:
        """Where it ends in the file."""
        return self.start + self.size

    @property
    def samples(self) -> int:
        """Number of samples of a channel."""
        return 1152 if self.version == 3 else 576


def side_size(version: int, mono: bool) -> int:
    """Number of bytes between the header of a frame and its audio."""
    return (17 if mono else 32) if version == 3 else (9 if mono else 17)


def parse(content: bytes, start: int = 0) -> Frame | None:
    """Read the beginning of a frame.

    Args:
        content: At least four bytes; as many as `HEADER` to recognise an information frame.
        start: Their position in the file.

    Returns:
        The frame; None if it is no frame of layer III that gives its bit rate.
    """
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE6 != 0xE2:
        return None
    version, bits, rate = content[1] >> 3 & 3, content[2] >> 4, content[2] >> 2 & 3
    if version == 1 or bits in (0, 15) or rate == 3 or content[3] & 3 == 2:
        return None
    kbit, hertz = KBIT[version == 3][bits], RATES[version][rate]
    mono = content[3] >> 6 == 3
    return Frame(
        start=start,
        size=(144_000 if version == 3 else 72_000) * kbit // hertz + (content[2] >> 1 & 1),
        version=version,
        rate=hertz,
        mono=mono,
        note=_note(content, 4 + side_size(version, mono)),
    )


def _note(content: bytes, behind_side: int) -> int:
    if content[behind_side : behind_side + 4] in (b"Xing", b"Info"):
        return behind_side
    return VBRI if content[VBRI : VBRI + 4] == b"VBRI" else 0


def frames(file: BinaryIO, position: int) -> Iterator[Frame]:
    """Walk over the frames of a file; what lies between them is left out.

    Args:
        file: The file.
        position: Where the search for the first begins.

    Yields:
        Each frame. The last may go beyond the end of the file.
    """
    while frame := parse(at(file, position, HEADER), position) or _next(file, position):
        yield frame
        position = frame.stop


def _next(file: BinaryIO, position: int) -> Frame | None:
    """The next frame behind something else: one with others behind it, or the end."""
    position += tag_size(at(file, position, 10))
    while len(block := at(file, position, SEARCHED)) >= 4:
        offset = -1
        while (offset := block.find(b"\xff", offset + 1, len(block) - 3)) >= 0:
            frame = parse(at(file, position + offset, HEADER), position + offset)
            if frame and _others_follow(file, frame):
                return frame
        position += len(block) - 3
    return None


def _others_follow(file: BinaryIO, frame: Frame) -> bool:
    end = size_of(file)
    for _ in range(FOLLOWING):
        if frame.stop == end:
            return True
        following = parse(at(file, frame.stop, 4), frame.stop)
        if not following or following.rate != frame.rate:
            return False
        frame = following
    return True
