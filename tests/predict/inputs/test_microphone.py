"""Recording, with a stand-in for sounddevice: machines that run tests have no microphone."""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import numpy as np
import pytest
import soundfile

from mdat_data import InputError
from mdat_predict.inputs.microphone import MICROPHONE, record
from mdat_predict.inputs.sources import sources

RATE = 8000


class PortAudioError(Exception):
    """What sounddevice raises."""


class Stream:
    """A microphone that hears a ramp."""

    samplerate = float(RATE)

    def __init__(self, *, late: int | None = None, **options: object) -> None:
        assert options == {"channels": 1, "dtype": "float32"}
        self.heard, self.late = 0, late

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, frames: int) -> tuple[np.ndarray, bool]:
        block = np.arange(self.heard, self.heard + frames, dtype=np.float32)[:, None] / 1e6
        self.heard += frames
        return block, self.late is not None and self.heard > self.late


@pytest.fixture
def device(monkeypatch):
    """sounddevice with this microphone; its `InputStream` can be exchanged."""
    module = ModuleType("sounddevice")
    module.__spec__ = ModuleSpec("sounddevice", None)
    module.PortAudioError, module.InputStream = PortAudioError, Stream
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    return module


def test_every_sample_is_written_at_the_rate_of_the_microphone(device, tmp_path):
    heard, rate = soundfile.read(record(tmp_path / "a.wav", seconds=2.5), dtype="float32")
    assert rate == RATE
    assert heard == pytest.approx(np.arange(round(2.5 * RATE)) / 1e6, abs=1e-9)


def test_it_is_the_last_of_the_recordings_and_lasts_as_long_as_the_context(device, tmp_path):
    (tmp_path / "a.wav").touch()
    with sources([tmp_path / "a.wav"], microphone=0.5) as found:
        path = found[-1].path
        assert [source.name for source in found] == [str(tmp_path / "a.wav"), MICROPHONE]
        assert soundfile.info(path).duration == 0.5
    assert not path.exists()


def test_lost_samples_are_told(device, tmp_path):
    device.InputStream = lambda **options: Stream(late=RATE, **options)
    with pytest.raises(InputError, match="samples were lost.*record again"):
        record(tmp_path / "a.wav", seconds=2)


def test_a_machine_without_a_microphone_is_told(device, tmp_path):
    def absent(**options):
        raise PortAudioError("Error querying device -1")

    device.InputStream = absent
    with pytest.raises(InputError, match=r"none can be opened \(Error querying device -1\)"):
        record(tmp_path / "a.wav", seconds=1)


def test_a_missing_library_is_told(device, tmp_path, monkeypatch):
    class NoLibrary:
        def find_spec(self, name, path=None, target=None):
            if name == "sounddevice":
                return ModuleSpec(name, self)
            return None

        def create_module(self, spec):
            raise OSError("PortAudio library not found")

        def exec_module(self, module):
            raise AssertionError

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr(sys, "meta_path", [NoLibrary(), *sys.meta_path])
    with pytest.raises(InputError, match="PortAudio.*apt install libportaudio2"):
        record(tmp_path / "a.wav", seconds=1)


def test_a_missing_package_names_its_extra(tmp_path, monkeypatch):
    monkeypatch.setattr("mdat_data.process.packages.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"mdat-keras\[microphone\]"):
        record(tmp_path / "a.wav", seconds=1)
