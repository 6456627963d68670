from collections.abc import Sequence
from pathlib import Path

import pytest
from toy_corpora import write_wav

from mdat_data import InputError
from mdat_data.corpora import demo_de, read_corpus
from mdat_data.corpus import FOREIGN
from mdat_data.process.lock import exclusive
from mdat_data.process.output import MARK
from mdat_data.readers.speech_synthesis import Request


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(requests: Sequence[Request], folder: Path) -> None:
        (folder / requests[0].file).touch()
        raise KeyboardInterrupt

    monkeypatch.setattr("mdat_data.readers.demo.speak", fail)


@pytest.mark.usefixtures("mute")
def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        list(demo_de.read(tmp_path / "demo-de"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("mute")
def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / f".demo-de.{'0' * 16}{MARK}"
    left.mkdir()
    (left / "f1_sad_1.wav").touch()
    (tmp_path / "demo-de.lock").write_text("pid 1 on here")
    with pytest.raises(KeyboardInterrupt):
        list(demo_de.read(tmp_path / "demo-de"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("mute")
def test_a_folder_that_another_process_makes_is_not_made_twice(tmp_path: Path) -> None:
    with exclusive(tmp_path / "demo-de"), pytest.raises(InputError, match="by another process"):
        list(demo_de.read(tmp_path / "demo-de"))


@pytest.mark.usefixtures("mute")
def test_an_existing_folder_is_read_as_it_is(tmp_path: Path) -> None:
    write_wav(tmp_path / "f1_sad_1.wav", "sad")
    write_wav(tmp_path / "f1_glad_1.wav", "glad")
    corpus = read_corpus("demo-de", tmp_path)
    assert [utterance.id for utterance in corpus.utterances] == ["f1_sad_1"]
    assert corpus.left_out == {FOREIGN: 1}
