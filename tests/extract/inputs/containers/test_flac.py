"""FLAC, also of unknown length."""

import io

import numpy as np
import pytest
import soundfile
from recordings import SPEECHLIKE, by_ffmpeg, recording

from mdat_data import InputError
from mdat_extract.inputs.containers import find_audio

FLAC = recording("flac")


def decoded(content: bytes) -> np.ndarray:
    with soundfile.SoundFile(find_audio(io.BytesIO(content), "a.flac")) as file:
        samples: np.ndarray = file.read(10**6, dtype="float32")
        assert len(samples) == file.frames
        return samples


def refused(content: bytes, match: str) -> None:
    with pytest.raises(InputError, match=match):
        find_audio(io.BytesIO(content), "a.flac")


def with_count(content: bytes, count: int) -> bytes:
    packed = int.from_bytes(content[21:26], "big")
    return content[:21] + (packed - packed % 2**36 + count).to_bytes(5, "big") + content[26:]


@pytest.mark.parametrize("samples", [4_096, 4_097, 8_191, 100_000, 600_000])
@pytest.mark.parametrize("rate", [16_000, 44_100, 22_222, 96_000])
def test_a_file_of_unknown_length_is_read_to_the_last_sample(samples: int, rate: int) -> None:
    made = recording("flac", np.resize(SPEECHLIKE, samples), rate)
    np.testing.assert_array_equal(decoded(with_count(made, 0)), decoded(made))
    assert len(decoded(made)) == samples


def test_pipes_of_ffmpeg_are_read() -> None:
    pytest.importorskip("av")
    piped = decoded(by_ffmpeg("flac", "flac", pipe=True))
    np.testing.assert_allclose(piped, SPEECHLIKE, atol=2**-15)


def test_a_file_of_unknown_length_must_end_with_a_whole_frame() -> None:
    unknown = with_count(FLAC, 0)
    for size in range(len(FLAC) - 40, len(FLAC)):
        refused(unknown[:size], "truncated: expected a whole frame at the end")


def test_more_samples_than_the_header_says_are_refused() -> None:
    refused(with_count(FLAC, 9_000), "expected 9000 samples by the header, got 16001")


def test_joined_files_are_refused() -> None:
    refused(
        FLAC + FLAC, f"several FLAC files that were joined. Divide the file at byte {len(FLAC)}"
    )
    refused(FLAC + b"\0" * 2**17 + FLAC, "several FLAC files that were joined")


def test_tags_before_the_file_are_skipped() -> None:
    tagged = (b"ID3\x04\0\0\0\0\x01\x00" + b"x" * 128) * 2 + FLAC
    np.testing.assert_array_equal(decoded(tagged), decoded(FLAC))
