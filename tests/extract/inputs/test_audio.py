import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mdat_data import InputError
from mdat_extract.inputs.audio import AudioInfo, inspect_all, inspect_audio, load

TONE = np.sin(np.arange(16_000) / 10).astype("float32") / 2


def write(path: Path, samples: np.ndarray, rate: int = 16_000, **how: str) -> Path:
    soundfile.write(path, samples, rate, **how)
    return path


def cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


def set_size(path: Path, size: int) -> None:
    """Write the size of the audio into the header of a WAV file."""
    content = bytearray(path.read_bytes())
    place = content.index(b"data") + 4
    content[place : place + 4] = size.to_bytes(4, "little")
    path.write_bytes(content)


def test_a_recording_is_read_as_it_is(tmp_path: Path) -> None:
    waveform = load(write(tmp_path / "a.wav", TONE, subtype="FLOAT"))
    assert waveform.dtype == np.float32
    np.testing.assert_array_equal(waveform, TONE)


def test_channels_are_averaged(tmp_path: Path) -> None:
    stereo = np.column_stack([TONE, np.zeros_like(TONE)])
    waveform = load(write(tmp_path / "a.wav", stereo, subtype="FLOAT"))
    np.testing.assert_allclose(waveform, TONE / 2, atol=1e-7)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_other_rates_are_resampled(rate: int, tmp_path: Path) -> None:
    hertz = 440
    there, here = (np.sin(2 * np.pi * hertz * np.arange(r) / r) for r in (rate, 16_000))
    waveform = load(write(tmp_path / "a.wav", there, rate, subtype="FLOAT"))
    assert len(waveform) == 16_000
    np.testing.assert_allclose(waveform[1000:-1000], here[1000:-1000], atol=1e-3)


@pytest.mark.parametrize("name", ["a.flac", "a.ogg", "a.mp3"])
def test_other_formats_are_read(name: str, tmp_path: Path) -> None:
    assert len(load(write(tmp_path / name, TONE))) >= 16_000


@pytest.mark.parametrize("rate", [1, 999, 1_000_001, 2**31 - 1])
def test_a_sampling_rate_that_no_recording_has_is_refused(rate: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"sampling rate between 1000 and 1000000 .* got {rate}"):
        load(write(tmp_path / "a.wav", TONE, rate))


def test_inspection_gives_duration_and_checksum(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", TONE[:8000])
    info = inspect_audio(path)
    assert info.duration == 0.5
    assert info == inspect_audio(path.rename(tmp_path / "b.wav"))
    assert info.sha256 != inspect_audio(write(tmp_path / "c.wav", TONE[1:8001])).sha256


def test_a_truncated_wav_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", TONE)
    cut(path, 20_000)
    with pytest.raises(
        InputError, match="truncated: expected 32000 bytes of audio by the header, got 19956"
    ):
        load(path)


def test_a_truncated_flac_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", np.random.default_rng(1).normal(size=16_000) / 10)
    cut(path, 10_000)
    with pytest.raises(InputError, match="damaged or truncated"):
        load(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    with pytest.raises(InputError, match="empty"):
        load(tmp_path / "a.wav")


@pytest.mark.parametrize("content", [b"hello", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt "])
def test_what_is_not_audio_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(InputError, match="not audio"):
        load(tmp_path / "a.wav")


@pytest.mark.parametrize("samples", [0, 1, 399])
def test_less_than_one_frame_is_refused(samples: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"too short: {samples} samples"):
        load(write(tmp_path / "a.wav", TONE[:samples]))


def test_one_frame_is_enough(tmp_path: Path) -> None:
    assert len(load(write(tmp_path / "a.wav", TONE[:400]))) == 400


STEP = {"PCM_U8": 2**-7, "ALAW": 2**-11, "ULAW": 2**-12}
"""Encoding -> distance of its small values, where it is not that of 16 bits."""


@pytest.mark.parametrize("form", ["zero", "offset", "one bit", "up and down"])
@pytest.mark.parametrize("rate", [8_000, 16_000])
@pytest.mark.parametrize(
    "encoding", ["PCM_16", "PCM_U8", "PCM_24", "FLOAT", "DOUBLE", "ALAW", "ULAW"]
)
def test_silence_is_refused(encoding: str, rate: int, form: str, tmp_path: Path) -> None:
    step, random = STEP.get(encoding, 2**-15), np.random.default_rng(1)
    least = step / 2 if encoding == "ALAW" else 0  # A-law has no zero
    samples = {
        "zero": np.zeros(rate),
        "offset": np.full(rate, 0.1),
        "one bit": random.integers(0, 2, rate) * step + least,
        "up and down": random.integers(-1, 2, rate) * step + least,
    }[form]
    with pytest.raises(InputError, match="silent: expected speech, but all samples lie within"):
        load(write(tmp_path / "a.wav", samples, rate, subtype=encoding))


@pytest.mark.parametrize("name", ["a.flac", "a.ogg", "a.mp3", "a.aiff", "a.au", "a.caf"])
def test_silence_is_refused_in_other_formats(name: str, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(-1, 2, 16_000) * 2**-15
    with pytest.raises(InputError, match="silent"):
        load(write(tmp_path / name, noise))


@pytest.mark.parametrize("encoding", ["PCM_24", "FLOAT", "DOUBLE"])
def test_what_is_finer_than_16_bits_may_be_quieter(encoding: str, tmp_path: Path) -> None:
    assert len(load(write(tmp_path / "a.wav", TONE * 1e-5 + 0.1, subtype=encoding))) == 16_000


@pytest.mark.parametrize("encoding", ["PCM_16", "PCM_U8", "FLOAT", "ALAW", "ULAW"])
def test_quiet_speech_is_no_silence(encoding: str, tmp_path: Path) -> None:
    quiet = TONE * 8 * STEP.get(encoding, 2**-15)
    assert len(load(write(tmp_path / "a.wav", quiet, subtype=encoding))) == 16_000


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_a_float_file_may_go_beyond_full_scale(rate: int, tmp_path: Path) -> None:
    assert len(load(write(tmp_path / "a.wav", TONE * 40, rate, subtype="FLOAT"))) > 5_000


@pytest.mark.parametrize("peak", [1e3, 32_767, 1e4, 1e30])
def test_samples_far_beyond_full_scale_are_refused(peak: float, tmp_path: Path) -> None:
    stereo = np.column_stack([TONE, -TONE]) * 2 * peak  # their mean is zero
    with pytest.raises(InputError, match="expected samples between -1 and 1, got .* Divide them"):
        load(write(tmp_path / "a.wav", stereo, subtype="FLOAT"))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(value: float, tmp_path: Path) -> None:
    spoilt = TONE.copy()
    spoilt[5000] = value
    with pytest.raises(InputError, match="not finite"):
        load(write(tmp_path / "a.wav", spoilt, 44_100, subtype="FLOAT"))


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize("seconds", [0.1, 0.55, 0.999, 1.0, 7.0])
def test_the_beginning_is_what_the_whole_gives_there(
    rate: int, seconds: float, tmp_path: Path
) -> None:
    noise = np.random.default_rng(1).normal(size=rate) / 10
    path = write(tmp_path / "a.wav", noise, rate, subtype="FLOAT")
    np.testing.assert_allclose(
        load(path, max_seconds=seconds), load(path)[: round(seconds * 16_000)], atol=1e-6
    )


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 32_000, 44_100])
@pytest.mark.parametrize("samples", [7_697, 8_003])
def test_inspection_gives_the_duration_of_the_whole_recording(
    rate: int, samples: int, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.wav", TONE[:samples], rate)
    assert inspect_audio(path, max_seconds=0.1).duration == len(load(path)) / 16_000


@pytest.mark.parametrize("name", ["a.flac", "a.ogg", "a.mp3"])
def test_inspection_reads_other_formats_to_their_end(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / name, np.tile(TONE, 3))
    assert inspect_audio(path, max_seconds=0.5).duration == inspect_audio(path).duration >= 3


@pytest.mark.parametrize("name", ["a.mp3", "a.ogg", "a.flac"])
def test_reading_in_blocks_is_quiet(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / name, np.random.default_rng(1).normal(size=300_000) / 10)
    assert len(load(path)) == inspect_audio(path).duration * 16_000 == 300_000
    assert capfd.readouterr() == ("", "")


def test_inspection_finds_a_truncation_beyond_the_used_part(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", np.random.default_rng(1).normal(size=160_000) / 10)
    cut(path, path.stat().st_size // 2)
    assert len(load(path, max_seconds=1)) == 16_000
    with pytest.raises(InputError, match="damaged or truncated"):
        inspect_audio(path, max_seconds=1)


def test_only_the_used_part_must_be_usable(tmp_path: Path) -> None:
    silent, spoilt = np.pad(TONE, (8_000, 0)), np.pad(TONE, (0, 8_000), constant_values=np.nan)
    with pytest.raises(
        InputError, match="all samples of the first 0.5 s lie within 0 of full scale"
    ):
        load(write(tmp_path / "a.wav", silent), max_seconds=0.5)
    load(write(tmp_path / "b.wav", spoilt, subtype="FLOAT"), max_seconds=0.5)


def test_an_hour_takes_the_memory_of_the_used_part(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", TONE)
    hour = 3600 * 16_000
    with path.open("r+b") as file:
        file.truncate(44 + 2 * hour)  # the rest is a hole, which takes no disk
    set_size(path, 2 * hour)
    tracemalloc.start()
    info, waveform = inspect_audio(path, max_seconds=30), load(path, max_seconds=30)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (info.duration, len(waveform)) == (3600, 30 * 16_000)
    assert peak < 10e6  # as float32 the hour is 230 MB


def test_all_are_inspected_although_some_are_bad(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    good = write(tmp_path / "good.wav", TONE)
    infos = inspect_all([tmp_path / "empty.wav", good, tmp_path / "absent.wav"])
    assert [type(info) for info in infos] == [InputError, AudioInfo, InputError]
