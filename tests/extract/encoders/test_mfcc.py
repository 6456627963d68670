import numpy as np

from mdat_extract.encoders.mfcc import COEFFICIENTS, MFCC

SECOND = np.arange(16_000, dtype=np.float32) / 16_000


def rows(waveform: np.ndarray) -> np.ndarray:
    encoded: np.ndarray = MFCC().encode([waveform])[0]["last"]
    return encoded


def tone(hertz: float) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * SECOND)


def test_there_are_50_steps_a_second() -> None:
    one, two = (len(rows(np.tile(SECOND, seconds))) for seconds in (1, 2))
    assert MFCC.frames_per_second == two - one == 50


def test_ten_times_the_amplitude_changes_only_the_first_coefficient() -> None:
    quiet = tone(200) / 100
    change = rows(10 * quiet) - rows(quiet)
    # 20 dB in each of the 128 mel bands; the cosine transform is orthonormal.
    np.testing.assert_allclose(change[:, 0], 20 * np.sqrt(128), rtol=1e-3)
    np.testing.assert_allclose(change[:, 1:], 0, atol=1e-2)


def test_a_brighter_tone_has_a_lower_second_coefficient() -> None:
    low, high = (rows(tone(hertz))[25, 1] for hertz in (300, 3000))
    assert low > high


def test_derivatives_are_0_in_a_steady_tone_and_show_its_end() -> None:
    derivatives = np.abs(rows(np.concatenate([tone(200), 0 * SECOND]))[:, COEFFICIENTS:])
    assert derivatives[20:30].max() < 0.1 < 10 < derivatives[45:55].max()
