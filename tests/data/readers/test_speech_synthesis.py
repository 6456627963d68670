import time
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mdat_data import InputError
from mdat_data.readers.speech_synthesis import Request, speak


def request(**changes: int) -> Request:
    prosody = {"rate": 160, "volume": 60, "pitch": 50, "range": 50} | changes
    # The voice f2 is breathy: its noise comes from random numbers.
    return Request(file="a.wav", text="Guten Morgen.", voice="de+f2", **prosody)


def spoken(folder: Path, **changes: int) -> NDArray[np.int16]:
    pytest.importorskip("espeakng_loader")
    speak([request(**changes)], folder)
    with wave.open(str(folder / "a.wav")) as file:
        assert file.getparams()[:3] == (1, 2, 22050)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_a_second_process_gives_the_same_sound(tmp_path: Path) -> None:
    first = spoken(tmp_path)
    time.sleep(1)  # eSpeak NG seeds its noise by the second
    np.testing.assert_array_equal(first, spoken(tmp_path))


def test_the_volume_has_an_effect(tmp_path: Path) -> None:
    normal, loud = (spoken(tmp_path, volume=volume).astype(float).std() for volume in (50, 100))
    assert loud == pytest.approx(2 * normal, rel=0.2)


def test_the_rate_has_an_effect(tmp_path: Path) -> None:
    slow, fast = (spoken(tmp_path, rate=rate).size for rate in (100, 300))
    assert slow > 2 * fast


@pytest.mark.parametrize("prosody", [{"pitch": 70}, {"range": 20}])
def test_the_pitch_has_an_effect(prosody: dict[str, int], tmp_path: Path) -> None:
    assert not np.array_equal(spoken(tmp_path), spoken(tmp_path, **prosody))


def test_a_missing_synthesiser_gives_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdat_data.readers.speech_synthesis.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r'pip install "mdat-keras\[demo\]"'):
        speak([request()], tmp_path)
