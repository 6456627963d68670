"""Whatever kind of file is cut wherever: it is refused, or it is read to its last sample."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from recordings import FFMPEG, LIBSNDFILE, SPEECHLIKE, by_ffmpeg, recording

from mdat_data import InputError
from mdat_extract.inputs.audio import inspect_audio, load

ONLY_FRAMES = ("aac", "amr")
"""Kinds without any length: a cut between two frames cannot be seen."""


def cuts(size: int) -> list[int]:
    """Places in the header and near the end, and others at random."""
    inside = random.Random(size).choices(range(size), k=40)
    return sorted({*range(0, min(size, 100), 3), *inside, *range(size - 12, size)})


def read(path: Path) -> int | None:
    """Number of samples; None if the file is refused."""
    try:
        seconds = inspect_audio(path).duration
        samples = len(load(path))
    except InputError:
        return None
    assert seconds == samples / 16_000
    return samples


@pytest.fixture(autouse=True)
def quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing is written to the terminal, by the libraries either."""
    yield
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", LIBSNDFILE)
def test_a_cut_is_refused_or_everything_is_read(kind: str, tmp_path: Path) -> None:
    _try_cuts(tmp_path / "a", recording(kind), len(SPEECHLIKE))


@pytest.mark.parametrize("kind", FFMPEG)
def test_so_it_is_with_files_of_ffmpeg(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("av")
    format, encoder, rate = FFMPEG[kind]
    least = (len(SPEECHLIKE) - 2048) * 16_000 // rate  # WMA's encoder omits a part of a frame
    _try_cuts(tmp_path / "a", by_ffmpeg(format, encoder, rate=rate), least, kind in ONLY_FRAMES)


def _try_cuts(path: Path, content: bytes, least: int, only_frames: bool = False) -> None:
    path.write_bytes(content)
    whole = read(path)
    assert whole is not None and whole >= least
    for place in cuts(len(content)):
        path.write_bytes(content[:place])
        found = read(path)
        assert found in (None, whole) or only_frames, f"{found} samples at {place}"
