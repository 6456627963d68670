"""MP3 is read whole, whatever its header tells."""

import io
import random
from pathlib import Path

import numpy as np
import pytest
import soundfile
from recordings import SPEECHLIKE, by_ffmpeg, recording

from mdat_data import InputError
from mdat_extract.inputs.containers import find_audio
from mdat_extract.inputs.containers.mpeg import frames

pytest.importorskip("av", reason="FFmpeg writes MP3 without a header")

BARE = {"write_xing": "0", "id3v2_version": "0"}
"""Options that leave frames alone: no number of them, no tag."""

STEREO = np.column_stack([SPEECHLIKE, SPEECHLIKE[::-1]])
PICTURE = random.Random(1).randbytes(300_000)


def tag(content: bytes) -> bytes:
    """An ID3v2 tag."""
    size = bytes(len(content) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + size + content


def decoded(content: bytes, name: str = "a.mp3") -> np.ndarray:
    """(samples, channels): all that libsndfile reads."""
    with soundfile.SoundFile(find_audio(io.BytesIO(content), name)) as file:
        samples: np.ndarray = file.read(10**6, dtype="float32", always_2d=True)
        assert len(samples) == file.frames
        return samples


def counted(content: bytes) -> int:
    return sum(frame.samples for frame in frames(io.BytesIO(content), 0))


@pytest.mark.parametrize("varying", [False, True])
@pytest.mark.parametrize("samples", [SPEECHLIKE, STEREO], ids=["mono", "stereo"])
@pytest.mark.parametrize(
    "rate", [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
)
def test_frames_without_their_number_are_read_to_the_last(
    rate: int, samples: np.ndarray, varying: bool
) -> None:
    bits = 32_000 if rate < 32_000 else 96_000
    bare = by_ffmpeg("mp3", "libmp3lame", samples, rate, bit_rate=bits, varying=varying, **BARE)
    found = decoded(bare)
    assert len(found) == counted(bare) >= len(samples)
    told = soundfile.read(
        io.BytesIO(by_ffmpeg("mp3", "libmp3lame", samples, rate, bit_rate=bits, varying=varying)),
        always_2d=True,
    )[0]
    start = next(n for n in range(2_000) if np.allclose(found[n : n + 500], told[:500], atol=1e-6))
    np.testing.assert_allclose(found[start : start + len(told)], told, atol=1e-6)


def test_what_the_encoder_added_is_cut_off_where_it_is_known() -> None:
    assert len(decoded(recording("mp3"))) == len(SPEECHLIKE)


@pytest.mark.parametrize("first", ["told", "bare"])
@pytest.mark.parametrize("second", ["told", "bare"])
def test_joined_files_are_read_to_the_end_of_the_last(first: str, second: str) -> None:
    made = {
        "told": by_ffmpeg("mp3", "libmp3lame", bit_rate=32_000),
        "bare": by_ffmpeg("mp3", "libmp3lame", bit_rate=32_000, varying=True, **BARE),
    }
    audio = 30 * 576  # samples of the frames of each
    assert len(decoded(made[first] + made[second])) == 2 * audio
    assert len(decoded(made[first] + tag(PICTURE) + made[second])) == 2 * audio


@pytest.mark.parametrize(
    "around",
    [
        (tag(PICTURE), b""),
        (b"", b"TAG".ljust(128, b"\0")),
        (b"", b"APETAGEX".ljust(500, b"\1") + b"TAG".ljust(128, b"\0")),
        (b"\0" * 3_000, b"\0" * 3_000),
        (PICTURE[:70_000], PICTURE[:70_000]),
    ],
    ids=["picture", "ID3v1", "APE", "zeros", "junk"],
)
@pytest.mark.parametrize("options", [{}, BARE], ids=["told", "bare"])
def test_what_is_no_frame_changes_nothing(
    around: tuple[bytes, bytes], options: dict[str, str]
) -> None:
    made = by_ffmpeg("mp3", "libmp3lame", bit_rate=32_000, **options)
    np.testing.assert_array_equal(decoded(around[0] + made + around[1]), decoded(made))


def test_junk_between_frames_is_left_out() -> None:
    bare = by_ffmpeg("mp3", "libmp3lame", bit_rate=32_000, **BARE)
    tenth = list(frames(io.BytesIO(bare), 0))[10].start
    spoilt = bare[:tenth] + PICTURE[:5_000] + bare[tenth:]
    np.testing.assert_array_equal(decoded(spoilt), decoded(bare))


def test_fraunhofers_header_tells_the_number_too() -> None:
    bare = by_ffmpeg("mp3", "libmp3lame", bit_rate=32_000, **BARE)
    header = bare[:4].ljust(36, b"\0") + b"VBRI" + bytes(6)
    sizes = (144 + len(bare)).to_bytes(4, "big") + (30).to_bytes(4, "big")
    told = (header + sizes).ljust(144, b"\0") + bare
    np.testing.assert_array_equal(decoded(told), decoded(bare))
    with pytest.raises(InputError, match="truncated: expected 30 frames by the header, got 29"):
        find_audio(io.BytesIO(told[:-1]), "a.mp3")


@pytest.mark.parametrize("options", [{}, BARE], ids=["told", "bare"])
def test_a_part_of_a_frame_at_the_end_is_a_truncation(options: dict[str, str]) -> None:
    made = by_ffmpeg("mp3", "libmp3lame", bit_rate=32_000, **options)
    for size in range(len(made) - 143, len(made)):
        with pytest.raises(InputError, match="truncated"):
            find_audio(io.BytesIO(made[:size]), "a.mp3")


def test_parts_of_different_rates_are_refused() -> None:
    joined = b"".join(
        by_ffmpeg("mp3", "libmp3lame", rate=rate, bit_rate=32_000) for rate in (16_000, 24_000)
    )
    with pytest.raises(InputError, match="joined from several: 16000 Hz mono, 24000 Hz mono"):
        find_audio(io.BytesIO(joined), "a.mp3")


def test_what_has_no_frame_is_no_mp3(tmp_path: Path) -> None:
    assert find_audio(io.BytesIO(PICTURE), "a.mp3") is None
