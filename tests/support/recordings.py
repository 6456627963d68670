"""Makes recordings in memory, in the formats that libsndfile and FFmpeg write."""

import io
from typing import Any

import numpy as np
import soundfile

RATE = 16_000
SPEECHLIKE = (
    np.sin(np.arange(16_001) / 10) / 3 + np.random.default_rng(1).normal(size=16_001) / 50
).astype("float32")
"""(samples,): an odd number, so that bytes that pad chunks are needed."""

LIBSNDFILE = {
    "wav": ("WAV", "PCM_16", None),
    "wav-8-bit": ("WAV", "PCM_U8", None),
    "wav-24-bit": ("WAV", "PCM_24", None),
    "wav-float": ("WAV", "FLOAT", None),
    "wav-a-law": ("WAV", "ALAW", None),
    "wav-ima-adpcm": ("WAV", "IMA_ADPCM", None),
    "wav-ms-adpcm": ("WAV", "MS_ADPCM", None),
    "wav-gsm": ("WAV", "GSM610", None),
    "wav-extensible": ("WAVEX", "PCM_16", None),
    "rifx": ("WAV", "PCM_16", "BIG"),
    "rf64": ("RF64", "PCM_16", None),
    "wave64": ("W64", "PCM_16", None),
    "aiff": ("AIFF", "PCM_16", None),
    "aiff-c": ("AIFF", "PCM_16", "LITTLE"),
    "aiff-c-mu-law": ("AIFF", "ULAW", None),
    "aiff-c-ima-adpcm": ("AIFF", "IMA_ADPCM", None),
    "au": ("AU", "PCM_16", None),
    "au-little-endian": ("AU", "PCM_16", "LITTLE"),
    "au-mu-law": ("AU", "ULAW", None),
    "nist": ("NIST", "PCM_16", None),
    "nist-mu-law": ("NIST", "ULAW", None),
    "caf": ("CAF", "PCM_16", None),
    "caf-alac": ("CAF", "ALAC_16", None),
    "flac": ("FLAC", "PCM_16", None),
    "vorbis": ("OGG", "VORBIS", None),
    "opus": ("OGG", "OPUS", None),
    "mp3": ("MP3", "MPEG_LAYER_III", None),
}
"""Name -> format, encoding and order of bytes."""

FFMPEG: dict[str, tuple[str, str, int]] = {
    "m4a": ("mp4", "aac", RATE),
    "webm": ("webm", "libopus", RATE),
    "mka": ("matroska", "flac", RATE),
    "aac": ("adts", "aac", RATE),
    "avi": ("avi", "pcm_s16le", RATE),
    "wma": ("asf", "wmav2", 44_100),
    "amr": ("amr", "libopencore_amrnb", 8_000),
    "flac-in-ogg": ("ogg", "flac", RATE),
    "opus-in-ogg": ("ogg", "libopus", RATE),
    "mp3-in-wav": ("wav", "libmp3lame", RATE),
}
"""Name -> format, encoder and sampling rate."""


def recording(name: str, samples: np.ndarray = SPEECHLIKE, rate: int = RATE) -> bytes:
    """A recording of a kind of `LIBSNDFILE`.

    Args:
        name: The kind.
        samples: (samples,) or (samples, channels).
        rate: Sampling rate in Hz.
    """
    kind, encoding, order = LIBSNDFILE[name]
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, subtype=encoding, endian=order)
    return file.getvalue()


def by_ffmpeg(
    kind: str,
    encoder: str,
    samples: np.ndarray = SPEECHLIKE,
    rate: int = RATE,
    *,
    pipe: bool = False,
    bit_rate: int = 32_000,
    varying: bool = False,
    **options: str,
) -> bytes:
    """A recording as FFmpeg writes it.

    Args:
        kind: Its name of the format.
        encoder: Its name of the encoder.
        samples: (samples,) or (samples, channels).
        rate: Sampling rate in Hz.
        pipe: Whether it cannot go back to the header when it knows the size.
        bit_rate: Bits per second.
        varying: Whether the bit rate of MP3 is only an average.
        options: Options of the format.
    """
    import av

    channels = 1 if samples.ndim == 1 else samples.shape[1]
    layout = {1: "mono", 2: "stereo", 16: "hexadecagonal"}[channels]
    out: Any = _Pipe() if pipe else io.BytesIO()
    with av.open(out, "w", format=kind, options=options) as container:
        how = {"abr": "1"} if varying else {}
        stream = container.add_stream(encoder, rate=rate, layout=layout, options=how)
        stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return bytes(out.content) if pipe else out.getvalue()


def film(kind: str, picture: str, encoder: str, rate: int = 48_000) -> bytes:
    """A film with `SPEECHLIKE`, at another rate, as its sound in two channels.

    Args:
        kind: FFmpeg's name of the format.
        picture: Its name of the encoder of the picture.
        encoder: That of the sound.
        rate: Sampling rate in Hz.
    """
    import av

    out = io.BytesIO()
    sound = np.column_stack([SPEECHLIKE, SPEECHLIKE]).reshape(1, -1)
    with av.open(out, "w", format=kind) as container:
        moving = container.add_stream(picture, rate=25, width=32, height=32, pix_fmt="yuv420p")
        heard = container.add_stream(encoder, rate=rate, layout="stereo")
        for number in range(9):
            shown = np.full((32, 32, 3), 20 * number, np.uint8)
            container.mux(moving.encode(av.VideoFrame.from_ndarray(shown)))
        frame = av.AudioFrame.from_ndarray(sound, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = rate, 0
        container.mux([*heard.encode(frame), *heard.encode(None), *moving.encode(None)])
    return out.getvalue()


class _Pipe(io.RawIOBase):
    """A file that can only be written from its beginning to its end."""

    def __init__(self) -> None:
        super().__init__()
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.content += content
        return len(content)
