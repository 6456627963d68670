"""Ogg: Vorbis, Opus and FLAC."""

import io
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile
from recordings import SPEECHLIKE, by_ffmpeg, recording

from mdat_data import InputError
from mdat_extract.inputs.containers import find_audio


def decoded(content: bytes) -> np.ndarray:
    with soundfile.SoundFile(find_audio(io.BytesIO(content), "a.ogg")) as file:
        samples: np.ndarray = file.read(10**6, dtype="float32")
        assert len(samples) == file.frames
        return samples


def refused(content: bytes, match: str) -> None:
    with pytest.raises(InputError, match=match):
        find_audio(io.BytesIO(content), "a.ogg")


def pages(content: bytes) -> Iterator[bytes]:
    """The pages of a file that has no `OggS` in its audio."""
    for page in content.split(b"OggS")[1:]:
        yield b"OggS" + page


@pytest.mark.parametrize("kind", ["vorbis", "opus"])
def test_a_whole_file_is_read(kind: str) -> None:
    assert len(decoded(recording(kind))) == len(SPEECHLIKE)


@pytest.mark.parametrize("encoder", ["flac", "libopus"])
def test_files_of_ffmpeg_are_read(encoder: str) -> None:
    pytest.importorskip("av")
    made = decoded(by_ffmpeg("ogg", encoder, np.tile(SPEECHLIKE, 10)))
    assert len(made) == 10 * len(SPEECHLIKE)
    if encoder == "flac":
        np.testing.assert_allclose(made, np.tile(SPEECHLIKE, 10), atol=2**-15)


@pytest.mark.parametrize("kind", ["vorbis", "opus"])
def test_a_missing_page_is_found(kind: str) -> None:
    found = list(pages(recording(kind, np.tile(SPEECHLIKE, 10))))
    assert len(found) > 4
    refused(b"".join(found[:-1]), "truncated: expected a page that is marked as the last")
    without = found[:3] + found[4:]
    refused(b"".join(without), "damaged: expected page 3 of the Ogg stream, got 4")


def test_several_streams_are_not_for_libsndfile() -> None:
    assert find_audio(io.BytesIO(recording("opus") + recording("opus")), "a.ogg") is None
