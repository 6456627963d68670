"""FLAC: the number of samples, also where the header leaves it open.

The format is that of RFC 9639.
"""

from typing import BinaryIO

from mdat_data import InputError
from mdat_extract.inputs.containers.view import View, at, size_of

MARK = b"fLaC\0\0\0\x22"
"""How a file begins, up to the size of its first block."""

COUNT = 21
"""Position of the five bytes whose last 36 bits are the number of samples; 0 if not known."""

SEARCHED = 2**17
"""Bytes at the end that are searched for the last frame. Frames have 4 to 30 KiB."""

BLOCKS = {1: 192} | {
    code: 576 << (code - 2) if code < 6 else 256 << (code - 8)
    for code in (2, 3, 4, 5, *range(8, 16))
}
"""Code in the header of a frame -> number of its samples."""

TRIED = 4
"""Number of beginnings of frames that are tried: by chance, other bytes look like one."""


def read_flac(file: BinaryIO, start: int) -> View:
    """Find the number of samples of a FLAC file.

    Args:
        file: The file.
        start: Where it begins.

    Returns:
        The file, with the true number of its samples.

    Raises:
        InputError: It has no number of samples and does not end with a whole frame, or it has more
            samples than its header says.
    """
    _refuse_joined(file, start)
    header = at(file, start, COUNT + 5)
    packed = int.from_bytes(header[COUNT:], "big")
    declared, end = packed % 2**36, _end_of_last_frame(file, start, header)
    if not declared and end is None:
        raise InputError(
            "truncated: expected a whole frame at the end of a FLAC file of unknown length, got a "
            "part of one. Copy the file again from where it is whole"
        )
    if declared and (end or 0) > declared:
        raise InputError(
            f"expected {declared} samples by the header, got {end}. Write the file again with its "
            "true length"
        )
    count = (packed - declared + (declared or end or 0)).to_bytes(5, "big")
    return View(file, [header[:COUNT] + count, range(start + COUNT + 5, size_of(file))])


def _refuse_joined(file: BinaryIO, start: int) -> None:
    """Search for a second beginning, in overlapping blocks."""
    position = start + len(MARK)
    while block := at(file, position, SEARCHED + len(MARK)):
        if (found := block.find(MARK)) >= 0:
            raise InputError(
                "expected one recording, got several FLAC files that were joined. Divide the file "
                f"at byte {position + found}"
            )
        position += SEARCHED


def _end_of_last_frame(file: BinaryIO, start: int, header: bytes) -> int | None:
    """Number of samples up to the end of the last frame; None if the file ends in another way."""
    end = at(file, max(start, size_of(file) - SEARCHED), SEARCHED)
    position, tried = len(end), 0
    while tried < TRIED and (position := end.rfind(b"\xff", 0, position)) >= 0:
        frame = end[position:]
        if samples := _samples_to_its_end(frame, int.from_bytes(header[8:10], "big")):
            tried += 1
            if _crc16(frame) == 0:
                return samples
    return None


def _samples_to_its_end(frame: bytes, fixed: int) -> int:
    """Number of samples up to the end of a frame; 0 if it does not begin as a frame does.

    Args:
        frame: The frame.
        fixed: Number of samples of each frame but the last, where frames are numbered.
    """
    if len(frame) < 8 or frame[1] & 0xFE != 0xF8:
        return 0
    ones = f"{frame[4]:08b}0".index("0")  # the number is coded as in UTF-8
    stop = 4 + max(ones, 1)
    number = frame[4] & (0x7F >> ones)
    for byte in frame[5:stop]:
        number = number << 6 | byte & 0x3F
    size, rate = frame[2] >> 4, frame[2] & 15
    wide = {6: 1, 7: 2}.get(size, 0)  # bytes of the size
    crc = stop + wide + {12: 1, 13: 2, 14: 2}.get(rate, 0)
    if len(frame) <= crc or _crc8(frame[: crc + 1]):
        return 0
    samples = int.from_bytes(frame[stop : stop + wide], "big") + 1 if wide else BLOCKS.get(size, 0)
    return samples + (number if frame[1] & 1 else number * fixed)


def _crc_table(bits: int, polynomial: int) -> list[int]:
    """For each first byte, what it changes in the remainder of a cyclic redundancy check."""
    table = []
    for byte in range(256):
        value = byte << (bits - 8)
        for _ in range(8):
            value = value << 1 ^ (polynomial if value >> (bits - 1) else 0)
            value &= 2**bits - 1
        table.append(value)
    return table


CRC8, CRC16 = _crc_table(8, 0x07), _crc_table(16, 0x8005)


def _crc8(content: bytes) -> int:
    """0 if the content ends with its own checksum."""
    value = 0
    for byte in content:
        value = CRC8[value ^ byte]
    return value


def _crc16(content: bytes) -> int:
    """0 if the content ends with its own checksum."""
    value = 0
    for byte in content:
        value = value << 8 & 0xFF00 ^ CRC16[value >> 8 ^ byte]
    return value
