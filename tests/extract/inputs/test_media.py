"""What libsndfile does not read is read through FFmpeg."""

from pathlib import Path

import numpy as np
import pytest
import soxr
from recordings import FFMPEG, SPEECHLIKE, by_ffmpeg, film, recording

from mdat_data import InputError
from mdat_extract.inputs.audio import inspect_audio, load

pytest.importorskip("av")


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def similarity(found: np.ndarray, source: np.ndarray) -> float:
    """The highest correlation, over the delays that an encoder may have."""
    delays = range(0, 3_000, 1)
    length = min(len(found), len(source)) - 3_000
    return max(float(np.corrcoef(found[d : d + length], source[:length])[0, 1]) for d in delays)


@pytest.mark.parametrize("kind", ["m4a", "webm", "mka", "aac", "avi", "wma"])
def test_the_samples_are_those_that_were_encoded(kind: str, tmp_path: Path) -> None:
    name, encoder, rate = FFMPEG[kind]
    path = written(tmp_path / f"a.{kind}", by_ffmpeg(name, encoder, rate=rate, bit_rate=96_000))
    assert similarity(load(path), soxr.resample(SPEECHLIKE, rate, 16_000)) > 0.95
    assert inspect_audio(path).decoder == "av"
    assert inspect_audio(written(tmp_path / "b.wav", recording("wav"))).decoder == "soundfile"


@pytest.mark.parametrize("channels", [2, 16])
def test_channels_are_averaged(channels: int, tmp_path: Path) -> None:
    others = np.zeros((len(SPEECHLIKE), channels - 1), np.float32)
    made = by_ffmpeg("matroska", "pcm_s16le", np.column_stack([SPEECHLIKE, others]))
    waveform = load(written(tmp_path / "a.mka", made))
    np.testing.assert_allclose(waveform, SPEECHLIKE / channels, atol=2**-15)


@pytest.mark.parametrize("kind", ["vorbis", "opus"])
def test_joined_ogg_files_are_read_to_the_end_of_the_last(kind: str, tmp_path: Path) -> None:
    one = recording(kind)
    waveform = load(written(tmp_path / "a.ogg", one + recording(kind, SPEECHLIKE[::-1])))
    assert 2 * len(SPEECHLIKE) <= len(waveform) < 2 * len(SPEECHLIKE) + 512


FILMS = {
    "avi": ("avi", "mpeg4", "pcm_s16le"),
    "mp3.avi": ("avi", "mpeg4", "libmp3lame"),
    "mp4": ("mp4", "mpeg4", "aac"),
    "mov": ("mov", "mpeg4", "aac"),
    "webm": ("webm", "libvpx", "libopus"),
    "mkv": ("matroska", "mpeg4", "flac"),
}
"""The end of a film's name -> format, and encoders of picture and sound."""


@pytest.mark.parametrize("kind", FILMS)
def test_the_sound_of_a_film_is_read(kind: str, tmp_path: Path) -> None:
    path = written(tmp_path / f"a.{kind}", film(*FILMS[kind]))
    expected = soxr.resample(SPEECHLIKE, 48_000, 16_000)
    assert similarity(load(path), expected) > 0.95
    assert inspect_audio(path).duration == pytest.approx(len(SPEECHLIKE) / 48_000, abs=0.1)


@pytest.mark.parametrize("kind", FILMS)
def test_a_truncated_film_is_refused(kind: str, tmp_path: Path) -> None:
    whole = film(*FILMS[kind])
    path = written(tmp_path / f"a.{kind}", whole[: 2 * len(whole) // 3])
    with pytest.raises(InputError, match="truncated|damaged"):
        inspect_audio(path)


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    import av

    with av.open(tmp_path / "a.mp4", "w") as film:
        stream = film.add_stream("mpeg4", rate=10, width=32, height=32, pix_fmt="yuv420p")
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))
        film.mux([*stream.encode(frame), *stream.encode(None)])
    with pytest.raises(InputError, match="expected a track of audio, got none"):
        load(tmp_path / "a.mp4")


def test_a_format_whose_truncation_cannot_be_seen_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ac3", by_ffmpeg("ac3", "ac3", rate=48_000, bit_rate=96_000))
    with pytest.raises(InputError, match="expected a format that FFmpeg reads to its end"):
        load(path)
