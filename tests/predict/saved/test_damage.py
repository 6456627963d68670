"""A run folder that is not as it was written."""

import json
import shutil
from pathlib import Path

import pytest

import mdat_predict
from mdat_data import InputError
from mdat_data.process.checksum import write_checksum


@pytest.fixture
def run(toy, tmp_path) -> Path:
    return Path(shutil.copytree(toy.run, tmp_path / "run"))


def change(run: Path, **fields: object) -> None:
    content = json.loads((run / "model.json").read_text())
    (run / "model.json").write_text(json.dumps(content | fields))


def test_two_files_are_enough(toy, tmp_path):
    for name in ("model.json", "model.onnx"):
        shutil.copy(toy.run / name, tmp_path)
    assert mdat_predict.load(tmp_path).predict(toy.recordings[0])


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_version_is_refused(version, run):
    change(run, version=version)
    with pytest.raises(InputError, match=f"must be mdat-model 1; got mdat-model {version}"):
        mdat_predict.load(run)


@pytest.mark.parametrize("fields", [{"classes": ["a", "b", "c"]}, {"temperature": 3.0}])
def test_a_description_of_another_model_is_refused(fields, run):
    change(run, **fields)
    with pytest.raises(InputError, match="must be of one run, as they were written"):
        mdat_predict.load(run)


@pytest.mark.parametrize("fields", [{"classes": None}, {"inputs": 3}, {"speech": {}}])
def test_a_damaged_description_is_refused(fields, run):
    change(run, **fields)
    with pytest.raises(InputError, match="must describe a model, but it is damaged"):
        mdat_predict.load(run)


@pytest.mark.parametrize("content", ["", "[]", "{", '"x"'])
def test_what_is_no_description_is_refused(content, run):
    (run / "model.json").write_text(content)
    with pytest.raises(InputError, match=r"model\.json must "):
        mdat_predict.load(run)


def test_a_network_is_needed(run):
    (run / "model.onnx").unlink()
    with pytest.raises(InputError, match=r"must have model\.onnx.*mdat-train --export"):
        mdat_predict.load(run)


@pytest.mark.parametrize("kept", [0, 100, 1000])
def test_a_damaged_network_is_refused(kept, run):
    content = (run / "model.onnx").read_bytes()
    (run / "model.onnx").write_bytes(content[:kept])
    with pytest.raises(InputError, match="must be a model as it was written|of one run"):
        mdat_predict.load(run)


def test_changed_weights_are_found_by_the_checksum(run):
    write_checksum(run)
    mdat_predict.load(run)
    content = bytearray((run / "model.onnx").read_bytes())
    place = len(content) // 2
    content[place] ^= 1
    (run / "model.onnx").write_bytes(content)
    with pytest.raises(InputError, match=r"model\.onnx is not as it was written"):
        mdat_predict.load(run)
