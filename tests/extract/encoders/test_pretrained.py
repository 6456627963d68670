import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoFeatureExtractor, AutoModel, AutoTokenizer

from mdat_data import InputError
from mdat_extract.encoders.locate import locate
from mdat_extract.encoders.pretrained import load_model, load_processor

CPU = torch.device("cpu")


@pytest.fixture
def folder(models: Path, tmp_path: Path) -> Path:
    """A copy of a model, to be damaged."""
    return Path(shutil.copytree(models / "wav2vec2-base", tmp_path / "model"))


def remove_weights(folder: Path, key: str) -> None:
    """Take the weights with the key in their names out of the checkpoint."""
    weights = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in weights.items() if key not in name}
    assert len(kept) < len(weights)
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})


def test_a_model_is_loaded_in_float32_for_evaluation(folder: Path) -> None:
    AutoModel.from_pretrained(folder, dtype=torch.float16).save_pretrained(folder)
    model = load_model(locate(str(folder)), CPU)
    assert not model.training
    assert {weight.dtype for weight in model.parameters()} == {torch.float32}


def test_pickled_weights_are_loaded_where_there_are_no_others(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    torch.save(weights, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    loaded = load_model(locate(str(folder)), CPU).state_dict()
    key = "encoder.layers.0.attention.k_proj.weight"
    torch.testing.assert_close(loaded[key], weights[key])


def test_missing_weights_are_refused(folder: Path) -> None:
    remove_weights(folder, "layers.1.attention.k_proj")
    with pytest.raises(InputError, match=r"lacks 2 weights, the first .*layers\.1\.attention"):
        load_model(locate(str(folder)), CPU)


@pytest.mark.parametrize(("name", "key"), [("xls-r", "masked_spec"), ("roberta", "pooler")])
def test_weights_without_effect_may_be_missing(
    name: str, key: str, models: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(models / name, tmp_path / name))
    remove_weights(folder, key)
    load_model(locate(str(folder)), CPU)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_folder_without_an_essential_file_is_refused(name: str, folder: Path) -> None:
    (folder / name).unlink()
    with pytest.raises(InputError, match="expected the weights of a model in"):
        load_model(locate(str(folder)), CPU)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_damaged_file_is_refused(name: str, folder: Path) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="expected the weights of a model in"):
        load_model(locate(str(folder)), CPU)


@pytest.mark.parametrize("kind", [AutoFeatureExtractor, AutoTokenizer])
def test_a_folder_without_processor_is_refused(kind: type, folder: Path) -> None:
    (folder / "preprocessor_config.json").unlink()
    with pytest.raises(InputError, match="cannot be loaded"):
        load_processor(locate(str(folder)), kind)
