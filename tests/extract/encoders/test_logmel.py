import numpy as np

from mdat_extract.encoders.logmel import BANDS, LogMel

PITCH, VOICING, ENERGY = BANDS, BANDS + 1, BANDS + 2
SECOND = np.arange(16_000, dtype=np.float32) / 16_000


def means(waveform: np.ndarray) -> np.ndarray:
    """The mean of each value in the middle of a waveform."""
    rows = LogMel().encode([waveform])[0]["last"]
    means: np.ndarray = rows[len(rows) // 2, : BANDS + 3]
    return means


def test_there_are_25_steps_a_second() -> None:
    one, two = LogMel().encode([SECOND, np.tile(SECOND, 2)])
    assert LogMel.frames_per_second == len(two["last"]) - len(one["last"]) == 25


def test_a_higher_voice_has_a_higher_pitch() -> None:
    low, high = (means(np.sin(2 * np.pi * hertz * SECOND)) for hertz in (100, 200))
    np.testing.assert_allclose(high[PITCH] - low[PITCH], np.log(2), atol=0.03)
    assert min(low[VOICING], high[VOICING]) > 0.95


def test_noise_is_not_voiced() -> None:
    noise = np.random.default_rng(1).normal(size=16_000).astype("float32")
    assert means(noise)[VOICING] < 0.5


def test_ten_times_the_amplitude_is_a_hundred_times_the_energy() -> None:
    quiet = np.sin(2 * np.pi * 200 * SECOND) / 100
    np.testing.assert_allclose(
        means(10 * quiet)[ENERGY] - means(quiet)[ENERGY], np.log(100), rtol=1e-3
    )


def test_a_higher_tone_has_its_peak_in_a_higher_band() -> None:
    low, high = (means(np.sin(2 * np.pi * hertz * SECOND))[:BANDS] for hertz in (300, 3000))
    assert low.argmax() < high.argmax()


def test_digital_silence_at_the_ends_is_finite() -> None:
    [features] = LogMel().encode([np.pad(SECOND, 8_000)])
    assert np.isfinite(features["last"]).all()


def test_an_offset_changes_nothing() -> None:
    noise = np.random.default_rng(1).normal(size=16_000).astype("float32") / 100
    voiced = noise + np.sin(2 * np.pi * 150 * SECOND) / 10 * (SECOND > 0.3)
    for offset in (0.001, 0.1, -0.5):
        np.testing.assert_allclose(
            *(LogMel().encode([w])[0]["last"] for w in (voiced, voiced + np.float32(offset))),
            atol=2e-3,
        )


def test_the_revision_tells_features_with_an_offset_from_those_without() -> None:
    assert LogMel.revision.endswith("-centred")
