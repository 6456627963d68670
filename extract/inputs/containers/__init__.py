"""What libsndfile reads, made true: each kind of file is looked at before it is decoded.

libsndfile reads a truncated file as far as it goes, estimates the length of others, and trusts
sizes that are none. So our own readers find where the audio lies, or say what is missing, and
libsndfile is given a view of the file in which the sizes are right.
"""

from collections.abc import Callable
from typing import BinaryIO

from mdat_extract.inputs.containers.aiff import read_aiff
from mdat_extract.inputs.containers.caf import read_caf
from mdat_extract.inputs.containers.flac import read_flac
from mdat_extract.inputs.containers.headed import read_au, read_nist
from mdat_extract.inputs.containers.mp3 import read_mp3
from mdat_extract.inputs.containers.mpeg import parse
from mdat_extract.inputs.containers.ogg import read_ogg
from mdat_extract.inputs.containers.view import View, at, tag_size
from mdat_extract.inputs.containers.wav import read_wav, read_wave64

READERS: dict[bytes, Callable[[BinaryIO, int], View | None]] = {
    b"RIFF": read_wav,
    b"RIFX": read_wav,
    b"RF64": read_wav,
    b"BW64": read_wav,
    b"riff": read_wave64,
    b"FORM": read_aiff,
    b".snd": read_au,
    b"dns.": read_au,
    b"NIST": read_nist,
    b"caff": read_caf,
    b"fLaC": read_flac,
    b"OggS": read_ogg,
}
"""First four bytes of a file -> what reads it."""


def find_audio(file: BinaryIO, name: str) -> View | None:
    """Find what libsndfile can read of a file.

    Args:
        file: The file.
        name: Its name. One that ends in `.mp3` may begin with something else than a frame.

    Returns:
        A file that holds all audio, and sizes that are right. None if it is of another kind.

    Raises:
        InputError: The file is truncated, or holds more audio than its header says.
    """
    start = 0
    while size := tag_size(at(file, start, 10)):
        start += size
    begin = at(file, start, 4)
    if reader := READERS.get(begin):
        return reader(file, start)
    if start or parse(begin) or name.lower().endswith(".mp3"):
        return read_mp3(file, start)
    return None
