"""WAV, RIFX, RF64 and Wave64, with headers as they are found."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from recordings import SPEECHLIKE, by_ffmpeg, recording

from mdat_data import InputError
from mdat_extract.inputs.containers import find_audio
from mdat_extract.inputs.containers.wav import LARGEST

LIST = b"LIST\x03\0\0\0abc"
"""A chunk of an odd size."""

STAND_INS = (0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0x7FFFFF00, 0x80000000, 0xFFFFFFDB, 0)
"""Sizes that programs write to a pipe: FFmpeg and mpg123, lame, sox and espeak, arecord, …"""


def decoded(content: bytes) -> np.ndarray:
    with soundfile.SoundFile(find_audio(io.BytesIO(content), "a.wav")) as file:
        samples: np.ndarray = file.read(10**6, dtype="float32")
        assert len(samples) == file.frames
        return samples


def refused(content: bytes, match: str) -> None:
    with pytest.raises(InputError, match=match):
        find_audio(io.BytesIO(content), "a.wav")


def with_size(content: bytes, size: int, order: str = "little", name: bytes = b"data") -> bytes:
    """The same with another size in the header of a chunk."""
    place = content.index(name) + 4
    return content[:place] + size.to_bytes(4, order) + content[place + 4 :]


WAV = recording("wav")
PLAIN = decoded(WAV)


def test_every_sample_is_read() -> None:
    np.testing.assert_allclose(PLAIN, SPEECHLIKE, atol=2**-15)


@pytest.mark.parametrize("size", STAND_INS)
@pytest.mark.parametrize("kind", ["wav", "rifx"])
def test_a_size_that_the_writer_did_not_know_is_that_to_the_end(kind: str, size: int) -> None:
    order = "big" if kind == "rifx" else "little"
    both = with_size(with_size(recording(kind), size, order), size, order, b"RIF")
    np.testing.assert_array_equal(decoded(with_size(recording(kind), size, order)), PLAIN)
    np.testing.assert_array_equal(decoded(both), PLAIN)


@pytest.mark.parametrize("kind", ["wav", "w64"])
def test_pipes_of_ffmpeg_are_read(kind: str) -> None:
    pytest.importorskip("av")
    piped = decoded(by_ffmpeg(kind, "pcm_s16le", pipe=True))
    np.testing.assert_allclose(piped, SPEECHLIKE, atol=2**-15)


def test_rf64_from_a_pipe_has_no_size_either() -> None:
    pytest.importorskip("av")
    piped = by_ffmpeg("wav", "pcm_s16le", pipe=True, rf64="always")
    np.testing.assert_allclose(decoded(piped), SPEECHLIKE, atol=2**-15)
    place = piped.index(b"ds64") + 16
    unknown = piped[:place] + b"\xff" * 8 + piped[place + 8 :]
    np.testing.assert_array_equal(decoded(unknown), decoded(piped))


@pytest.mark.parametrize("size", [32_004, 100_000, 0x10000000])
def test_another_size_that_is_larger_than_the_file_is_a_truncation(size: int) -> None:
    refused(
        with_size(WAV, size),
        f"truncated: expected {size} bytes of audio by the header, got 32002; {size - 32_002} are",
    )


def test_a_size_of_0_is_true_where_only_chunks_follow() -> None:
    empty = with_size(WAV[:44], 0)
    assert len(decoded(empty)) == len(decoded(empty + b"LIST\x04\0\0\0abcd")) == 0


@pytest.mark.parametrize("pad", [b"\0", b""], ids=["even", "odd"])
@pytest.mark.parametrize("place", [12, 36], ids=["before fmt", "before data"])
def test_a_chunk_may_lack_the_byte_that_makes_it_even(pad: bytes, place: int) -> None:
    np.testing.assert_array_equal(decoded(WAV[:place] + LIST + pad + WAV[place:]), PLAIN)


@pytest.mark.parametrize("pad", [b"\0", b""], ids=["even", "odd"])
def test_the_audio_may_lack_the_byte_that_makes_it_even(pad: bytes) -> None:
    made = recording("wav-8-bit")[: 44 + len(SPEECHLIKE)]
    for behind in (b"", b"LIST\x04\0\0\0abcd"):
        assert len(decoded(made + pad + behind)) == len(SPEECHLIKE)


@pytest.mark.parametrize(
    "behind",
    [LIST, b"TAG".ljust(128, b"\0"), b"\0" * 5_000, b"id3 \x04\0\0\0abcdLIST\x04\0\0\0abcd"],
)
def test_what_follows_the_audio_is_no_audio(behind: bytes) -> None:
    np.testing.assert_array_equal(decoded(WAV + behind), PLAIN)


def test_more_audio_than_the_header_says_is_refused() -> None:
    refused(with_size(WAV, 20_000), "end of the audio after 20000 bytes .* but 12002 bytes follow")


def test_joined_files_are_refused() -> None:
    refused(WAV + WAV, "several files that were joined. Divide it at the RIFF at byte 32046")


@pytest.mark.parametrize("size", [5, 11, 12, 16, 20, 35, 43])
def test_a_few_bytes_are_no_recording(size: int) -> None:
    refused(WAV[:size], "not audio, or truncated: expected the chunks of a WAV file up to `data`")


def test_more_than_4_gib_are_read(tmp_path: Path) -> None:
    path, size = tmp_path / "a.wav", LARGEST + 2
    ds64 = (0).to_bytes(8, "little") + size.to_bytes(8, "little") + bytes(12)
    head = b"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0" + ds64 + WAV[12:40] + b"\xff\xff\xff\xff"
    with path.open("wb+") as file:
        file.write(head)
        file.truncate(len(head) + size)  # the rest is a hole, which takes no disk
        with soundfile.SoundFile(find_audio(file, path.name)) as audio:
            assert audio.frames == size // 2
