"""Long recordings are read a few seconds at once."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from mdat_data import InputError
from mdat_extract.inputs.audio import blocks, load, load_beginning
from mdat_extract.inputs.sound import BLOCK, opened

RATES = (8_000, 16_000, 22_050, 48_000)


def noise(path: Path, rate: int, *, seconds: float = 10, channels: int = 2) -> Path:
    samples = np.random.default_rng(1).normal(size=(round(rate * seconds), channels)) / 10
    soundfile.write(path, samples, rate, subtype="FLOAT")
    return path


@pytest.mark.parametrize("rate", RATES)
def test_the_blocks_are_the_recording(rate, tmp_path):
    path = noise(tmp_path / "a.wav", rate)
    with opened(path) as sound:
        found = list(blocks(sound))
    assert len(found) > 1
    assert max(map(len, found)) <= BLOCK * 2
    np.testing.assert_array_equal(np.concatenate(found), load(path))


@pytest.mark.parametrize("rate", RATES)
def test_a_beginning_has_the_duration_of_the_whole(rate, tmp_path):
    path = noise(tmp_path / "a.wav", rate)
    waveform, duration = load_beginning(path, 2.5)
    np.testing.assert_array_equal(waveform, load(path, max_seconds=2.5))
    assert duration == len(load(path)) / 16_000


def test_damage_far_behind_the_beginning_is_found(tmp_path):
    path = noise(tmp_path / "a.wav", 16_000)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(InputError, match="truncated"):
        load_beginning(path, 0.5)


def test_wrong_values_in_any_block_are_refused(tmp_path):
    samples = np.random.default_rng(1).normal(size=160_000) / 10
    samples[150_000] = np.nan
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
    with opened(tmp_path / "a.wav") as sound, pytest.raises(InputError, match="not finite"):
        list(blocks(sound))
