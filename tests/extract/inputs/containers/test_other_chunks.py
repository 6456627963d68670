"""AIFF and CAF, with headers as they are found."""

import io

import numpy as np
import pytest
import soundfile
from recordings import SPEECHLIKE, by_ffmpeg, recording

from mdat_data import InputError
from mdat_extract.inputs.containers import find_audio

LISTED = b"ANNO\0\0\0\x03abc"
"""A chunk of an odd size."""


def decoded(content: bytes) -> np.ndarray:
    with soundfile.SoundFile(find_audio(io.BytesIO(content), "a.aiff")) as file:
        samples: np.ndarray = file.read(10**6, dtype="float32")
        assert len(samples) == file.frames
        return samples


def refused(content: bytes, match: str) -> None:
    with pytest.raises(InputError, match=match):
        find_audio(io.BytesIO(content), "a.aiff")


def patched(content: bytes, name: bytes, offset: int, number: int, width: int = 4) -> bytes:
    place = content.index(name) + offset
    return content[:place] + number.to_bytes(width, "big") + content[place + width :]


AIFF = recording("aiff")
CAF = recording("caf")


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0, 8])
def test_aiff_of_unknown_size_is_read_to_the_end(size: int) -> None:
    np.testing.assert_array_equal(decoded(patched(AIFF, b"SSND", 4, size)), decoded(AIFF))
    neither = patched(patched(AIFF, b"SSND", 4, size), b"COMM", 10, 0)
    np.testing.assert_array_equal(decoded(neither), decoded(AIFF))


@pytest.mark.parametrize("kind, encoder", [("aiff", "pcm_s16be"), ("caf", "pcm_s16be")])
def test_pipes_of_ffmpeg_are_read(kind: str, encoder: str) -> None:
    pytest.importorskip("av")
    piped = decoded(by_ffmpeg(kind, encoder, pipe=True))
    np.testing.assert_allclose(piped, SPEECHLIKE, atol=2**-15)


def test_aiff_may_have_chunks_before_and_behind_the_audio() -> None:
    for place in (12, AIFF.index(b"SSND"), len(AIFF)):
        for pad in (b"\0", b""):
            made = AIFF[:place] + LISTED + pad + AIFF[place:]
            np.testing.assert_array_equal(decoded(made), decoded(AIFF))


def test_aiff_with_the_format_behind_the_audio_is_read() -> None:
    common, audio = AIFF[12:38], AIFF[38:]
    np.testing.assert_array_equal(decoded(AIFF[:12] + audio + common), decoded(AIFF))


def test_aiff_with_fewer_or_more_samples_than_it_says_is_refused() -> None:
    refused(
        patched(AIFF, b"COMM", 10, 20_000),
        "truncated: expected 40008 bytes of audio by the header, got 3201[08]",
    )
    refused(patched(AIFF, b"COMM", 10, 9_000), "after 18008 bytes by the header, but 1400[0-9] by")
    refused(patched(AIFF, b"SSND", 4, 20_000), "after 20000 bytes by the header")


def test_joined_files_are_refused() -> None:
    refused(AIFF + AIFF, "several files that were joined. Divide it at the FORM")
    refused(CAF + CAF, "several files that were joined. Divide it at the caff")


@pytest.mark.parametrize("size", [2**64 - 1, 2**63 - 1, 0])
def test_caf_of_unknown_size_is_read_to_the_end(size: int) -> None:
    np.testing.assert_array_equal(decoded(patched(CAF, b"data", 4, size, 8)), decoded(CAF))


def test_caf_with_more_audio_than_it_says_is_refused() -> None:
    refused(patched(CAF, b"data", 4, 20_000, 8), "after 20000 bytes by the header, but 12006 bytes")
