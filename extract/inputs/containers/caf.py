"""Apple's Core Audio Format."""

from typing import BinaryIO

from mdat_data import InputError
from mdat_extract.inputs.containers.chunks import Layout, audio_range, chunks
from mdat_extract.inputs.containers.view import View, size_of

LAYOUT = Layout(order="big", size=8, even=1)


def read_caf(file: BinaryIO, start: int) -> View:
    """Find the audio of a CAF file.

    Args:
        file: The file.
        start: Where it begins.

    Returns:
        The file, with the true size of its audio.

    Raises:
        InputError: It is truncated, has no audio, or has much more than its header says.
    """
    for chunk in chunks(file, start + 8, LAYOUT):
        if chunk.name == b"data":
            audio = audio_range(file, chunk, LAYOUT, bits=64)
            size = len(audio).to_bytes(8, "big")
            return View(
                file, [range(start, chunk.start - 8), size, range(chunk.start, size_of(file))]
            )
    raise InputError(
        "not audio, or truncated: expected the chunks of a CAF file up to `data`, got "
        f"{size_of(file)} bytes without it. Copy the file again from where it is whole"
    )
