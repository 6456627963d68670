"""Features files, and the command mdat-train called with them."""

from collections.abc import Callable
from pathlib import Path

import h5py
import pytest
from click.testing import CliRunner, Result
from toy_features import modality, selection, utterance, utterances, write_features

from mdat_train.cli.train import main

SOURCES = selection(utterances(speakers=5, clips=2))
TARGETS = selection(utterances(speakers=6, clips=3), seed=1)
OTHER_WAYS = {
    "encoder": modality("speech", encoder="nose"),
    "revision": modality("text", revision="2"),
    "precision": modality("speech", precision="bfloat16"),
    "crop": modality("speech", crop=5.0),
    "layers": modality("speech", layers=("last",)),
    "texts": modality("text", layers=("3", "last")),
}


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Features files that are right, and others that are not."""
    folder = tmp_path_factory.mktemp("files")
    source = write_features(folder / "source.h5", SOURCES)
    write_features(folder / "target.h5", TARGETS)
    words = tuple(f"word{number}" for number in range(100))
    of_words = utterances(speakers=1, clips=1, classes=words)
    write_features(folder / "hundred.h5", selection(of_words, classes=words))
    lonely = [utterance(f"{u.id}", u.emotion, "she") for u in SOURCES.utterances]
    write_features(folder / "lonely.h5", selection(lonely))
    for name, provenance in OTHER_WAYS.items():
        write_features(folder / f"{name}.h5", TARGETS, provenance=provenance)
    (folder / "truncated.h5").write_bytes(source.read_bytes()[:2000])
    (folder / "text.h5").write_text("id,audio,emotion,speaker\n")
    h5py.File(folder / "foreign.h5", "w").close()
    (folder / "version.h5").write_bytes(source.read_bytes())
    with h5py.File(folder / "version.h5", "a") as file:
        file.attrs["version"] = 7
    return folder


@pytest.fixture
def invoke(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Call the command in the folder of the features files, with `--out run` in another folder.

    Nothing is exported by default, which takes seconds.
    """
    monkeypatch.chdir(files)

    def _invoke(arguments: str, *, export: bool = False, **options: str) -> Result:
        options = {"model": "linear", "seeds": "1", "out": str(tmp_path / "run")} | options
        first = [f"--{name}={value}" for name, value in options.items()]
        first += [] if export else ["--no-export"]
        return CliRunner().invoke(main, first + arguments.split())

    return _invoke
