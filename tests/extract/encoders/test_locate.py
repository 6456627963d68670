import json
import shutil
from pathlib import Path

import pytest

from mdat_data import InputError
from mdat_extract.encoders.locate import Pretrained, locate

COMMIT = "1" * 40


@pytest.fixture
def folder(models: Path, tmp_path: Path) -> Path:
    """A copy of a model, to be changed."""
    return Path(shutil.copytree(models / "wav2vec2-base", tmp_path / "model"))


def test_a_folder_is_named_and_digested(folder: Path) -> None:
    source = locate(str(folder))
    assert (source.name, source.folder) == ("model", folder)
    assert source.revision.startswith("sha256:")


def test_the_digest_depends_on_the_files_and_not_on_the_folder(folder: Path, models: Path) -> None:
    assert locate(str(folder)).revision == locate(str(models / "wav2vec2-base")).revision
    (folder / "README.md").write_text("notes")
    assert locate(str(folder)).revision == locate(str(models / "wav2vec2-base")).revision


@pytest.mark.parametrize("name", ["model.safetensors", "preprocessor_config.json"])
def test_the_digest_changes_with_the_files(name: str, folder: Path) -> None:
    before = locate(str(folder)).revision
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content + b" ")
    assert locate(str(folder)).revision != before


def test_a_model_that_cannot_be_reached_is_refused_with_the_alternatives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(
        InputError, match="got nobody/nothing: it is no folder.*folder.*logmel.*char-ngram"
    ):
        locate("nobody/nothing")


def test_a_path_without_a_folder_is_refused() -> None:
    with pytest.raises(InputError, match="got no/such/folder: it is no folder"):
        locate("no/such/folder")


def test_a_model_in_the_hubs_cache_is_used_offline(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "models--somebody--tiny"
    shutil.copytree(models / "roberta", repository / "snapshots" / COMMIT)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    expected = Pretrained(
        name="somebody/tiny", revision=COMMIT, folder=repository / "snapshots" / COMMIT
    )
    assert locate("somebody/tiny") == locate(f"somebody/tiny@{COMMIT}") == expected


@pytest.mark.parametrize(
    "copy", ["model.fp32-00001-of-00002.safetensors", "model.bf16.safetensors"]
)
def test_copies_of_the_weights_in_another_precision_do_not_count(copy: str, folder: Path) -> None:
    before = locate(str(folder)).revision
    (folder / copy).write_bytes(b"weights")
    assert locate(str(folder)).revision == before


@pytest.mark.parametrize("name", ["sentence", "sentence-old"])
def test_of_a_sentence_encoder_the_transformer_is_taken(name: str, models: Path) -> None:
    source = locate(str(models / name))
    assert source.name == name
    assert source.folder == models / name / ("0_Transformer" if name == "sentence-old" else "")
    assert (source.folder / "model.safetensors").is_file()


@pytest.mark.parametrize(
    "modules",
    [
        "[]",
        "{",
        '{"type": "x.Transformer"}',
        '[{"path": "0_CLIPModel", "type": "sentence_transformers.models.CLIPModel"}]',
        '[{"path": "0_Transformer", "type": "sentence_transformers.models.Transformer"}]',
    ],
)
def test_a_sentence_encoder_without_a_transformer_is_refused(modules: str, folder: Path) -> None:
    (folder / "modules.json").write_text(modules)
    with pytest.raises(InputError, match="expected one module of the type Transformer in "):
        locate(str(folder))


def test_a_path_out_of_a_sentence_encoders_folder_is_not_followed(folder: Path) -> None:
    (folder.parent / "other").mkdir()
    modules = [{"path": "../other", "type": "sentence_transformers.models.Transformer"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(InputError, match="other is missing"):
        locate(str(folder))
