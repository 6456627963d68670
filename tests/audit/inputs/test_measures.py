"""Measures of recordings whose properties are known."""

import numpy as np
import pytest
import soundfile

from mdat_audit.inputs.measures import LONGEST, measure
from mdat_data import InputError

RATE = 16_000
SECONDS = 2.0
TIME = np.arange(round(SECONDS * RATE)) / RATE
NOISE = np.random.default_rng(0).normal(size=len(TIME))


def written(path, samples, rate=RATE):
    soundfile.write(path, samples, rate, "PCM_24")
    return path


def test_a_sine_has_its_loudness_and_peak(tmp_path):
    measured = measure(written(tmp_path / "a.wav", 0.5 * np.sin(2 * np.pi * 440 * TIME)))
    assert measured.loudness == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.01)
    assert measured.peak == pytest.approx(20 * np.log10(0.5), abs=0.01)
    assert measured.rate == RATE
    assert (measured.silence, measured.before, measured.after) == (0, 0, 0)


@pytest.mark.parametrize("offset", [0.0, 0.01, -0.002])
def test_the_offset_is_that_of_the_sound_card_and_not_of_a_wave_that_is_cut(offset, tmp_path):
    wave = 0.5 * np.sin(2 * np.pi * 100.25 * TIME)
    assert abs(wave.mean()) > 1e-4  # a plain mean would take this for an offset
    measured = measure(written(tmp_path / "a.wav", wave + offset))
    assert measured.offset == pytest.approx(1e6 * offset, abs=1)


def test_silence_is_found_where_it_is(tmp_path):
    loud = (TIME > 0.5) & (TIME < 1.8) & ~((TIME > 1.0) & (TIME < 1.2))
    measured = measure(written(tmp_path / "a.wav", 0.1 * NOISE * loud))
    assert measured.before == pytest.approx(0.5, abs=0.02)
    assert measured.after == pytest.approx(0.2, abs=0.02)
    assert measured.silence == pytest.approx(0.9 / SECONDS, abs=0.02)


def test_the_bandwidth_of_a_telephone_is_found_at_a_higher_rate(tmp_path):
    spectrum = np.fft.rfft(NOISE)
    spectrum[np.fft.rfftfreq(len(NOISE), 1 / RATE) > 3400] = 0
    narrow = np.fft.irfft(spectrum)
    of_narrow = measure(written(tmp_path / "a.wav", 0.1 * narrow))
    of_wide = measure(written(tmp_path / "b.wav", 0.1 * NOISE))
    assert of_narrow.bandwidth == pytest.approx(3400, abs=150)
    assert of_wide.bandwidth == RATE / 2


def test_channels_are_averaged_and_a_short_recording_has_measures(tmp_path):
    stereo = np.stack([0.1 * NOISE[:600], np.zeros(600)], axis=1)
    measured = measure(written(tmp_path / "a.wav", stereo))
    assert measured.loudness == pytest.approx(20 * np.log10(0.05), abs=0.5)


def test_of_a_long_recording_the_beginning_counts(tmp_path):
    beginning = np.tile(0.1 * NOISE, round(LONGEST / SECONDS))
    loud_end = np.concatenate([beginning, np.tile(0.9 * np.sign(NOISE), 10)])
    measured = measure(written(tmp_path / "a.flac", loud_end))
    assert measured.loudness == pytest.approx(-20, abs=0.5)


def test_what_is_no_recording_is_refused(tmp_path):
    (tmp_path / "a.wav").write_text("no audio")
    with pytest.raises(InputError):
        measure(tmp_path / "a.wav")
