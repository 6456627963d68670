"""A finished run gets its ONNX file later."""

import json
from pathlib import Path

import pytest
from exportable_run import CLASSES, of_corpus, of_transfer
from exported import exported

from mdat_data import InputError
from mdat_train.classifiers import backend
from mdat_train.export import kept_model
from mdat_train.export.export_run import export_run
from mdat_train.runs.folder import read_run
from mdat_train.runs.run import Run


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """The conversion is that of the other tests; what it is given is kept."""
    given: list[dict] = []

    def onnx_file(saved, run, described, statistics) -> bytes:
        assert saved.read_bytes() == exported("linear").saved.read_bytes()
        given.append({"described": described, "statistics": statistics})
        return exported("linear").onnx.SerializeToString()

    monkeypatch.setattr("mdat_train.export.export_run.onnx_file", onnx_file)
    monkeypatch.setattr(backend, "name", lambda: "tensorflow")
    return given


def saved(run: Run, folder: Path) -> Path:
    return run.save(folder / "run", export=False)


def test_it_is_made_of_what_the_run_says(tmp_path, quick):
    run = saved(of_corpus(), tmp_path)
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    assert export_run(run) == run / "model.onnx"
    after = {path.name: path.read_bytes() for path in run.iterdir()}
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"model.onnx", "checksum.json"}
    assert quick[0]["described"] == json.loads(before["model.json"])
    assert quick[0]["statistics"]["speech"].mean.shape == (12,)
    assert "model.onnx" in json.loads(after["checksum.json"])
    assert read_run(run).classes == CLASSES
    assert not list(tmp_path.glob("*.lock"))


def test_a_missing_card_is_written_again(tmp_path, quick):
    run = saved(of_corpus(), tmp_path)
    card = (run / "MODEL_CARD.md").read_text(encoding="utf-8")
    (run / "MODEL_CARD.md").unlink()
    export_run(run)
    assert (run / "MODEL_CARD.md").read_text(encoding="utf-8") == card


@pytest.mark.parametrize("old", ['{"classes": ["a"]}', "", "[]", None])
def test_a_run_of_an_early_version_is_described_anew(tmp_path, old):
    run = saved(of_corpus(), tmp_path)
    first = json.loads((run / "model.json").read_text())
    (run / "model.json").unlink()
    (run / "MODEL_CARD.md").unlink()
    if old is not None:
        (run / "model.json").write_text(old)
    (run / "checksum.json").unlink()
    export_run(run)
    described = json.loads((run / "model.json").read_text())
    assert (described["version"], described["classes"]) == (1, list(CLASSES))
    assert described["temperature"] == pytest.approx(first["temperature"], abs=1e-6)
    assert "Article 5(1)(f)" in (run / "MODEL_CARD.md").read_text()
    assert read_run(run).classes == CLASSES


def test_a_transfer_of_an_early_version_has_no_temperature(tmp_path):
    run = saved(of_transfer(5), tmp_path)
    (run / "model.json").unlink()
    export_run(run)
    assert json.loads((run / "model.json").read_text())["temperature"] is None


def test_a_run_without_a_model_is_refused(tmp_path):
    run = saved(of_corpus(), tmp_path)
    (run / "model.keras").unlink()
    with pytest.raises(
        InputError, match=r"must have model.keras to be exported, but it is missing"
    ):
        export_run(run)
    with pytest.raises(InputError, match="must be the folder of a run"):
        export_run(tmp_path)


def test_a_damaged_model_is_refused(tmp_path):
    run = saved(of_corpus(), tmp_path)
    (run / "model.keras").write_bytes(b"other")
    with pytest.raises(InputError, match="model.keras is not as it was written"):
        export_run(run)


def test_another_backend_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(backend, "name", lambda: "jax")
    with pytest.raises(InputError, match="needs Keras on TensorFlow; got jax. Set KERAS_BACKEND"):
        export_run(tmp_path)


def test_a_failed_conversion_changes_nothing(tmp_path, monkeypatch):
    run = saved(of_corpus(), tmp_path)
    before = {path.name: path.read_bytes() for path in run.iterdir()}

    def broken(*_: object) -> bytes:
        raise kept_model.ExportError("it differs")

    monkeypatch.setattr("mdat_train.export.export_run.onnx_file", broken)
    with pytest.raises(kept_model.ExportError):
        export_run(run)
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before
