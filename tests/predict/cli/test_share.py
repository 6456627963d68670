"""mdat-share lists what it uploads, and asks."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from missing_packages import HEAVY, call_without

from mdat_data.process.checksum import write_checksum
from mdat_predict import hub
from mdat_predict.cli.share import main


@pytest.fixture
def run(toy, tmp_path) -> Path:
    folder = Path(shutil.copytree(toy.run, tmp_path / "run"))
    for name in ("MODEL_CARD.md", "config.json"):
        (folder / name).write_text("{}")
    write_checksum(folder)
    return folder


@pytest.fixture
def shared(monkeypatch) -> list[tuple]:
    """What is given to `share`, which is not called."""
    calls = []

    def share(files, repository, **how):
        calls.append(([path.name for path in files], repository, how))
        return "https://there"

    monkeypatch.setattr(hub, "share", share)
    return calls


def call(*arguments: object, answer: str | None = None):
    return CliRunner().invoke(main, list(map(str, arguments)), input=answer)


def test_what_is_uploaded_is_listed_before(run, shared):
    result = call(run, "user/name", answer="y\n")
    assert result.exit_code == 0, result.output
    assert "for the private repository user/name:\n" in result.output
    listed = [line.split()[0] for line in result.output.splitlines() if " MB  " in f"{line}  "]
    assert set(listed) >= {"README.md", "config.json", "model.json", "model.keras", "model.onnx"}
    assert "config.json" in result.output and "the paths of your features files" in result.output
    assert "shared: https://there" in result.output
    [(files, repository, how)] = shared
    assert set(files) == {path.name for path in run.iterdir()}
    assert (repository, how) == ("user/name", {"public": False, "licence": "unknown"})


@pytest.mark.parametrize(("answer", "code"), [("n\n", 0), (None, 1)])
def test_without_a_yes_nothing_is_uploaded(run, shared, answer, code):
    assert call(run, "user/name", answer=answer).exit_code == code
    assert shared == []


def test_options_reach_the_hub(run, shared):
    result = call(run, "u/n", "--yes", "--public", "--model-only", "--licence", "mit")
    assert "for the public repository u/n:" in result.output
    [(files, _, how)] = shared
    assert files == ["MODEL_CARD.md", "model.json", "model.keras", "model.onnx"]
    assert how == {"public": True, "licence": "mit"}


def test_a_changed_folder_is_no_traceback(run, shared):
    (run / "model.onnx").write_bytes(b"")
    result = call(run, "user/name", "--yes")
    assert result.exit_code == 2
    assert "model.onnx is not as it was written" in result.output
    assert shared == []


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_need_nothing_heavy(option):
    result = call_without(
        (*HEAVY, "huggingface_hub", "onnxruntime"), main.callback.__module__, [option]
    )
    assert result.returncode == 0, result.stderr
