"""What a microphone hears, as a recording."""

from pathlib import Path

from mdat_data import InputError
from mdat_data.process.packages import require

MICROPHONE = "microphone"
"""The name of its recording."""


def record(path: Path, *, seconds: float) -> Path:
    """Record from the default microphone, block by block, as loud as it hears.

    Args:
        path: WAV file to write.
        seconds: Duration.

    Returns:
        The file.

    Raises:
        InputError: The package sounddevice, PortAudio or a microphone is missing, or the computer
            is too slow to record without gaps.
    """
    require("sounddevice", "records from a microphone", extra="microphone")
    import soundfile

    try:
        import sounddevice
    except OSError as error:
        raise InputError(
            "expected the library PortAudio, which sounddevice records with, but it cannot be "
            f"loaded ({error}). Install it, in Debian and Ubuntu with: apt install libportaudio2"
        ) from None
    try:
        with sounddevice.InputStream(channels=1, dtype="float32") as stream:
            rate = round(stream.samplerate)
            with soundfile.SoundFile(path, "w", rate, 1, subtype="FLOAT") as file:
                while (left := round(seconds * rate) - file.tell()) > 0:
                    block, overflowed = stream.read(min(left, rate))
                    if overflowed:
                        raise InputError(
                            "expected a recording without gaps, but samples were lost: the "
                            "computer was too slow. Close other programs and record again."
                        )
                    file.write(block)
    except sounddevice.PortAudioError as error:
        raise InputError(
            f"expected a microphone, but none can be opened ({error}). Connect one and allow its "
            "use, or give the name of a recording."
        ) from None
    return path
