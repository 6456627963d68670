"""Runs go to the Hub and come back, tried with a Hub on this machine."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from hub_server import TOKEN, Hub, Repository, hub
from huggingface_hub import constants
from predictable import save_run

from mdat_data import InputError
from mdat_data.process.checksum import write_checksum
from mdat_predict import load
from mdat_predict.hub import located, share, shareable

NAME = "user/of-urdu"


@pytest.fixture
def server(tmp_path, monkeypatch):
    with hub() as server:
        template = f"{server.address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr(constants, "ENDPOINT", server.address)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield server


@pytest.fixture(scope="module")
def written(toy, tmp_path_factory) -> Path:
    """The folder of a run with a card and a table of predictions."""
    learned = {"languages": ["no", "ur", "und"], "corpora": [], "utterances": 30, "merged": {}}
    folder = save_run(
        tmp_path_factory.mktemp("written") / "run", toy.features, learned_from=learned
    )
    (folder / "MODEL_CARD.md").write_text("# A model\n\nÜber Gefühle.\n", encoding="utf-8")
    (folder / "predictions.csv").write_text("id\n", encoding="utf-8")
    write_checksum(folder)
    return folder


@pytest.fixture
def run(written, tmp_path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "run"))


def test_the_whole_folder_is_shared_privately(server, run):
    assert share(shareable(run), NAME) == f"{server.address}/{NAME}"
    repository = server.repositories[NAME]
    assert repository.private
    own = {path.name: path.read_bytes() for path in run.iterdir()}
    card = own.pop("MODEL_CARD.md")
    assert repository.files.pop("README.md").endswith(b"\n---\n\n" + card)
    assert repository.files == own


def test_the_readme_has_the_header_of_the_hub(server, run):
    share(shareable(run), NAME, public=True, licence="cc-by-4.0")
    assert not server.repositories[NAME].private
    _, header, _ = server.repositories[NAME].files["README.md"].decode().split("---\n")
    assert yaml.safe_load(header) == {
        "license": "cc-by-4.0",
        "language": ["no", "ur"],
        "tags": ["audio-classification", "speech-emotion-recognition"],
    }


def test_the_model_alone_tells_nothing_of_utterances(server, run):
    share(shareable(run, model_only=True), NAME)
    assert set(server.repositories[NAME].files) == {
        *("README.md", "model.json", "model.keras", "model.onnx")
    }


def test_what_has_no_checksum_stays_at_home(run):
    (run / "notes.txt").write_text("private")
    assert "notes.txt" not in {path.name for path in shareable(run)}


@pytest.mark.parametrize(
    ("private", "reason"),
    [
        (False, "to be private, but it is there and public. Share it with --public"),
        (True, "to be public, but it is there and private. Share it without --public"),
    ],
)
def test_a_repository_that_exists_decides_who_sees_it(server, run, private, reason):
    server.repositories[NAME] = Repository(private=private)
    with pytest.raises(InputError, match=reason):
        share(shareable(run), NAME, public=private)
    assert server.repositories[NAME].files == {}


def test_a_run_is_shared_again(server, run):
    for licence in ("unknown", "mit"):
        share(shareable(run), NAME, licence=licence)
    assert b"license: mit" in server.repositories[NAME].files["README.md"]


@pytest.mark.parametrize("name", ["model.onnx", "predictions.csv", "MODEL_CARD.md"])
def test_a_folder_that_was_changed_is_refused(run, name):
    (run / name).write_bytes(b"other")
    with pytest.raises(InputError, match=rf"{name} is not as it was written. Restore"):
        shareable(run)


@pytest.mark.parametrize("name", ["model.onnx", "MODEL_CARD.md"])
def test_a_folder_without_model_or_card_is_refused(run, name):
    (run / name).unlink()
    write_checksum(run)
    with pytest.raises(InputError, match=rf"but {name} is missing. Restore.*mdat-train --export"):
        shareable(run)


def test_a_folder_without_checksums_is_refused(run):
    for content in (b"[1]", b"1", b"\xff", None):
        (run / "checksum.json").unlink()
        if content:
            (run / "checksum.json").write_bytes(content)
        with pytest.raises(InputError, match="must have model.json and its checksum"):
            shareable(run)


def test_a_file_that_is_not_to_be_shared_may_be_removed(run):
    (run / "predictions.csv").unlink()
    assert "predictions.csv" not in {path.name for path in shareable(run)}


def test_a_checksum_cannot_name_a_file_elsewhere(run, tmp_path):
    (tmp_path / "secret").write_text("secret")
    sums = json.loads((run / "checksum.json").read_text())
    (run / "checksum.json").write_text(json.dumps(sums | {"../secret": "0"}))
    assert "secret" not in {path.name for path in shareable(run)}


def test_without_the_right_token_nothing_is_shared(server, run, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_other")
    with pytest.raises(InputError, match=r"user/of-urdu cannot be written \(.*401.*hf auth login"):
        share(shareable(run), NAME)
    assert server.repositories == {}


def test_a_name_without_a_user_is_refused(server, run):
    with pytest.raises(InputError, match="expected the repository as USER/NAME, got of-urdu"):
        share(shareable(run), "of-urdu")


def test_a_shared_model_predicts_as_the_folder_does(server, run):
    share(shareable(run), NAME)
    sound = [np.random.default_rng(0).normal(size=16000).astype(np.float32)]
    here = load(run).probabilities(sound, ["ja"])
    sha = server.repositories[NAME].sha
    for address in (f"hf://{NAME}", f"hf://{NAME}@{sha}", Path(f"hf://{NAME}")):
        assert np.array_equal(load(address).probabilities(sound, ["ja"]), here)
    names = {asked.rpartition("/")[2] for asked in server.requests if "/resolve/" in asked}
    assert names == {"model.onnx", "model.json"}


def test_a_folder_of_the_name_of_an_address_wins(server, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(run, Path(f"hf://{NAME}"))
    assert load(f"hf://{NAME}").classes == load(run).classes
    assert located("runs/none") == Path("runs/none")
    assert server.requests == []


def test_what_was_downloaded_needs_no_network(run, server, monkeypatch):
    share(shareable(run), NAME)
    place = located(f"hf://{NAME}")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert located(f"hf://{NAME}") == place
    with pytest.raises(InputError, match="hf://user/other cannot be downloaded .*network"):
        located("hf://user/other")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("hf://user/none", "cannot be downloaded .RepositoryNotFoundError"),
        (f"hf://{NAME}@none", "cannot be downloaded .RevisionNotFoundError"),
        (f"hf://{NAME}", "but model.onnx is missing. Name a repository that mdat-share wrote"),
        ("hf://user", "expected the address of a run as hf://user/name"),
        (f"hf://{NAME}/model.onnx", "expected the address of a run as hf://user/name"),
        ("hf://us er/na..me", "cannot be downloaded .HFValidationError"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(server, address, reason):
    server.repositories[NAME] = Repository(private=False, files={"model.json": b"{}"})
    with pytest.raises(InputError, match=reason):
        located(address)


def test_a_missing_package_is_named(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    for call in (lambda: located("hf://user/name"), lambda: share([], NAME)):
        with pytest.raises(InputError, match=r'pip install "mdat-keras\[hub\]"'):
            call()


def test_commands_find_the_hub_by_themselves(run, toy, tmp_path):
    with hub() as server:
        sent = command(server, tmp_path, "share", str(run), NAME, "--yes")
        assert sent.returncode == 0, sent.stderr
        assert f"shared: {server.address}/{NAME}" in sent.stdout
        inputs = (str(toy.recordings[0]), "--segments", "whole", "--format", "csv")
        used = command(server, tmp_path, "predict", f"hf://{NAME}", *inputs)
        assert used.returncode == 0, used.stderr
        assert used.stdout.startswith("recording,start,end,emotion")


def command(
    server: Hub, folder: Path, name: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    there = {"HF_ENDPOINT": server.address, "HF_TOKEN": TOKEN, "HF_HOME": str(folder / "home")}
    code = f"from mdat_predict.cli.{name} import main; main({list(arguments)})"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **there},
        capture_output=True,
        text=True,
        timeout=120,
    )
