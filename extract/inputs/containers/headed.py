"""AU and NIST SPHERE: one header, and then samples to the end of the file."""

import re
from typing import BinaryIO, Literal

from mdat_data import InputError
from mdat_extract.inputs.containers.view import View, at, audio_size, refuse_surplus, size_of

UNKNOWN = 2**32 - 1
"""Size in the header of an AU file whose writer did not know it."""


def read_au(file: BinaryIO, start: int) -> View:
    """Find the audio of a Sun AU file.

    Args:
        file: The file.
        start: Where it begins.

    Returns:
        The file, with the true size of its audio.

    Raises:
        InputError: It is truncated, or has much more audio than its header says.
    """
    order: Literal["little", "big"] = "big" if at(file, start, 4) == b".snd" else "little"
    offset, declared = (int.from_bytes(at(file, start + n, 4), order) for n in (4, 8))
    audio = _to_the_end(file, start + offset, declared or UNKNOWN)
    size = len(audio).to_bytes(4, order)
    return View(file, [range(start, start + 8), size, range(start + 12, audio.start), audio])


def read_nist(file: BinaryIO, start: int) -> View | None:
    """Find the audio of a NIST SPHERE file.

    Args:
        file: The file.
        start: Where it begins.

    Returns:
        The file up to the end of its audio. None if its audio is compressed.

    Raises:
        InputError: It is truncated, or has much more audio than its header says.
    """
    length = re.match(rb"NIST_1A\s+(\d{1,5})\s", at(file, start, 32))
    header = at(file, start, int(length[1]) if length else 0)
    if not length or b"end_head" not in header:
        raise InputError(
            f"truncated: expected the header of a NIST file to its end_head, got {size_of(file)} "
            "bytes without it. Copy the file again from where it is whole"
        )
    fields = dict(re.findall(rb"(\w+) -\w+ (\S+)", header))
    if b"," in fields.get(b"sample_coding", b""):
        return None
    frame = _number(fields, b"channel_count") * _number(fields, b"sample_n_bytes")
    audio = _to_the_end(
        file, start + len(header), _number(fields, b"sample_count", 0) * frame or UNKNOWN
    )
    return View(file, [range(start, audio.stop)])


def _number(fields: dict[bytes, bytes], name: bytes, missing: int = 1) -> int:
    value = fields.get(name, b"")
    return int(value) if value.isdigit() else missing


def _to_the_end(file: BinaryIO, start: int, declared: int) -> range:
    """Where the audio lies that begins at a position and has a declared size in bytes."""
    available = size_of(file) - start
    size = audio_size(declared, max(0, available), bits=32)
    refuse_surplus(size, available - size)
    return range(start, start + size)
