"""The model that mdat-train leaves for use."""

import json
from pathlib import Path

import onnxruntime
import pytest
from click.testing import CliRunner, Result
from missing_packages import call_without

from mdat_train.classifiers import backend
from mdat_train.cli.train import main
from mdat_train.export import export_run, kept_model
from mdat_train.runs.folder import read_run

OF_MODEL = {"model.keras", "model.json", "model.onnx", "MODEL_CARD.md", "reliability.png"}


def names(run: Path) -> set[str]:
    return {path.name for path in run.iterdir()}


def classes_in(path: Path) -> list[str]:
    metadata = onnxruntime.InferenceSession(path).get_modelmeta().custom_metadata_map
    return json.loads(metadata["model.json"])["classes"]


@pytest.fixture(scope="module")
def written(files: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """A run with everything that belongs to it, and what the command printed."""
    run = tmp_path_factory.mktemp("written") / "run"
    command = f"--source {files / 'source.h5'} --model linear --seeds 1 --folds 2 --out {run}"
    return CliRunner().invoke(main, command.split()), run


def test_a_run_leaves_its_model(written):
    done, run = written
    assert done.exit_code == 0, done.output
    assert names(run) >= OF_MODEL
    assert "temperature of the model" in done.output
    assert classes_in(run / "model.onnx") == ["angry", "happy", "neutral", "sad"]
    assert {*json.loads((run / "checksum.json").read_text())} == names(run) - {"checksum.json"}


def test_without_export_there_is_the_rest(invoke, tmp_path):
    assert invoke("--source source.h5 --folds 2").exit_code == 0
    assert OF_MODEL - names(tmp_path / "run") == {"model.onnx"}


def test_a_failed_export_costs_nothing_else(invoke, tmp_path, monkeypatch):
    def broken(*_: object) -> bytes:
        raise kept_model.ExportError("it differs by 0.5")

    monkeypatch.setattr(kept_model, "onnx_file", broken)
    done = invoke("--source source.h5 --folds 2", export=True)
    run = tmp_path / "run"
    assert done.exit_code == 1
    assert "model.onnx could not be written: it differs by 0.5. Everything else" in done.output
    assert f"mdat-train --export {run} tries again" in " ".join(done.output.split())
    assert OF_MODEL - names(run) == {"model.onnx"}
    assert read_run(run).config.model == "linear"


def test_another_backend_leaves_the_export_for_later(invoke, tmp_path, monkeypatch):
    monkeypatch.setattr(backend, "name", lambda: "torch")
    done = invoke("--source source.h5 --folds 2", export=True)
    assert done.exit_code == 0, done.output
    assert "there is no model.onnx, because Keras runs on torch" in done.output
    assert f"KERAS_BACKEND=tensorflow mdat-train --export {tmp_path / 'run'}" in done.output
    assert OF_MODEL - names(tmp_path / "run") == {"model.onnx"}


def test_a_finished_run_is_exported(written, tmp_path):
    _, run = written
    (run / "model.onnx").rename(tmp_path / "first.onnx")
    done = CliRunner().invoke(main, ["--export", str(run)])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == f"Written to {run / 'model.onnx'}"
    assert classes_in(run / "model.onnx") == classes_in(tmp_path / "first.onnx")


@pytest.mark.parametrize("more", [["--source=source.h5"], ["--model=mdat"], ["--no-export"]])
def test_export_takes_no_other_option(written, more):
    done = CliRunner().invoke(main, ["--export", str(written[1]), *more])
    assert done.exit_code == 2
    assert "leave the other options out" in " ".join(done.output.split())


def test_an_export_that_fails_is_a_message(written, monkeypatch):
    def broken(folder: Path) -> Path:
        raise kept_model.ExportError("expected this, got that")

    monkeypatch.setattr(export_run, "export_run", broken)
    done = CliRunner().invoke(main, ["--export", str(written[1])])
    assert done.exit_code == 1
    assert "model.onnx was not written: expected this, got that" in done.output


def test_a_source_must_be_given(tmp_path):
    done = CliRunner().invoke(main, [f"--out={tmp_path / 'run'}"])
    assert done.exit_code == 2
    assert "Missing option '--source'" in done.output


@pytest.mark.parametrize("package", ["tf2onnx", "onnxruntime"])
def test_a_missing_package_of_the_export_is_named_before_anything_is_trained(
    package, files, tmp_path
):
    arguments = ["--source", str(files / "source.h5"), "--out", str(tmp_path / "run")]
    done = call_without((package,), "mdat_train.cli.train", arguments)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"Error: the package {package} is not installed. Install what the command needs: "
        'pip install "mdat-keras[train]"'
    )
    assert list(tmp_path.iterdir()) == []
