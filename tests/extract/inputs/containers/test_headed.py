"""AU and NIST SPHERE, with headers as they are found."""

import io

import numpy as np
import pytest
import soundfile
from recordings import recording

from mdat_data import InputError
from mdat_extract.inputs.containers import find_audio

NIST = recording("nist")
COUNT = b"sample_count -i 16001"


def decoded(content: bytes) -> np.ndarray:
    with soundfile.SoundFile(find_audio(io.BytesIO(content), "a.au")) as file:
        samples: np.ndarray = file.read(10**6, dtype="float32")
        assert len(samples) == file.frames
        return samples


def refused(content: bytes, match: str) -> None:
    with pytest.raises(InputError, match=match):
        find_audio(io.BytesIO(content), "a.au")


def with_size(content: bytes, size: int) -> bytes:
    order = "big" if content.startswith(b".snd") else "little"
    return content[:8] + size.to_bytes(4, order) + content[12:]


@pytest.mark.parametrize("kind", ["au", "au-little-endian", "au-mu-law"])
@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, 0])
def test_au_of_unknown_size_is_read_to_the_end(kind: str, size: int) -> None:
    made = recording(kind)
    np.testing.assert_array_equal(decoded(with_size(made, size)), decoded(made))


def test_au_with_fewer_or_more_bytes_than_it_says_is_refused() -> None:
    made = recording("au")
    refused(made[:-1], "truncated: expected 32002 bytes of audio by the header, got 32001; 1 are")
    refused(with_size(made, 20_000), "after 20000 bytes by the header, but 12002 bytes follow")


@pytest.mark.parametrize("count", [b"sample_count -i 0    ", b"", COUNT])
def test_nist_may_leave_the_number_of_samples_out(count: bytes) -> None:
    made = NIST.replace(COUNT, count.ljust(len(COUNT), b"\n"))
    np.testing.assert_array_equal(decoded(made), decoded(NIST))


def test_nist_with_fewer_or_more_samples_than_it_says_is_refused() -> None:
    refused(NIST[:-1], "truncated: expected 32002 bytes of audio by the header, got 32001")
    fewer = NIST.replace(COUNT, b"sample_count -i 9000 ")
    refused(fewer, "after 18000 bytes by the header, but 14002 bytes follow")
    refused(NIST[:100], "truncated: expected the header of a NIST file")


def test_compressed_nist_is_not_for_libsndfile() -> None:
    packed = NIST.replace(b"-s3 pcm\n", b"-s26 pcm,embedded-shorten-v2.00\n")
    assert find_audio(io.BytesIO(packed), "a.sph") is None
