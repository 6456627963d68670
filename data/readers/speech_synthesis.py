"""Speech from text by eSpeak NG, the same to the last bit every time.

eSpeak NG has state that cannot be reset, such as the phase of a voice's flutter, so the sound of a
sentence depends on the sentences before it. A new process that speaks all sentences in the same
order gives the same sound, on each platform to the last bit. Therefore `speak` runs this module as
a new process.

Reference: speak_lib.h of eSpeak NG 1.52, https://github.com/espeak-ng/espeak-ng.
"""

import ctypes
import json
import subprocess
import sys
import wave
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from mdat_data.errors import InputError

SYNCHRONOUS, DO_NOT_EXIT, UTF8 = 2, 0x8000, 1
PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4}
Receive = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A sentence to synthesise, its voice and prosody, and its file.

    Attributes:
        file: Name of the wav file.
        text: The sentence.
        voice: Language and variant, such as "de+f1".
        rate: Words per minute, 80 to 450.
        volume: 0 to 200; 100 is normal.
        pitch: Base pitch, 0 to 100; 50 is normal.
        range: Pitch range, 0 to 100; 0 is monotone, 50 is normal.
    """

    file: str
    text: str
    voice: str
    rate: int
    volume: int
    pitch: int
    range: int


def speak(requests: Sequence[Request], folder: Path) -> None:
    """Synthesise wav files, 22.05 kHz, mono, 16 bit.

    Args:
        requests: The sentences. Their order affects the last bits of the sound.
        folder: An existing folder for the files.

    Raises:
        InputError: eSpeak NG is not installed.
    """
    if find_spec("espeakng_loader") is None:
        raise InputError(
            "expected eSpeak NG, which synthesises the demo corpora, but it is not installed. "
            'Install it with: pip install "mdat-keras[demo]"'
        )
    subprocess.run(
        [sys.executable, "-m", __name__, folder],
        input=json.dumps([asdict(request) for request in requests]),
        check=True,
        text=True,
    )


def _main() -> None:
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    sampling_rate = library.espeak_Initialize(SYNCHRONOUS, 0, data, DO_NOT_EXIT)
    library.espeak_ng_SetRandSeed(ctypes.c_long(1))  # eSpeak NG seeds with the time
    for request in json.load(sys.stdin):
        with wave.open(str(Path(sys.argv[1], request["file"])), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(sampling_rate)
            file.writeframes(_synthesise(library, Request(**request)))


def _synthesise(library: ctypes.CDLL, request: Request) -> bytes:
    pieces: list[bytes] = []

    def receive(samples: int | None, count: int, events: int | None) -> int:
        if samples is not None:
            pieces.append(ctypes.string_at(samples, 2 * count))
        return 0  # continue

    callback = Receive(receive)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(request.voice.encode()):
        raise ValueError(f"eSpeak NG has no voice {request.voice!r}")
    for name, number in PARAMETERS.items():
        library.espeak_SetParameter(number, getattr(request, name), 0)
    text = request.text.encode() + b"\0"
    library.espeak_Synth(text, ctypes.c_size_t(len(text)), 0, 0, 0, UTF8, None, None)
    return b"".join(pieces)


if __name__ == "__main__":
    _main()
