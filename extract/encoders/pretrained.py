"""Finds and loads models of the transformers library, from the hub or from a folder."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from logging import ERROR
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import snapshot_download
from transformers import AutoFeatureExtractor, AutoModel, AutoTokenizer, PretrainedConfig
from transformers.utils import logging

from mdat_data import InputError
from mdat_extract.config import SAMPLING_RATE

SAFE_WEIGHTS = "model*.safetensors"
PICKLED_WEIGHTS = "pytorch_model*.bin"
CONFIGURATION = ("*.json", "*.txt", "*.model")
"""Configurations and vocabularies of models, tokenizers and feature extractors."""

UNUSED_WEIGHTS = {"masked_spec_embed", "pooler"}
"""Weights that may be missing: they have no effect on the hidden states outside training."""

PACKAGES: tuple[str, ...] = ("torch", "transformers")

OFFLINE = "use what needs no download: --speech-encoder logmel --text-encoder char-ngram"
"""The way out where a model cannot be reached."""


@dataclass(frozen=True, kw_only=True)
class Pretrained:
    """A model on the disk.

    Attributes:
        name: Id of the model, or the name of its folder.
        revision: The commit, or a checksum of the files in the folder.
        folder: The folder of its files.
    """

    name: str
    revision: str
    folder: Path


def locate(model: str, *, otherwise: str = OFFLINE) -> Pretrained:
    """Find a model on the disk, or download it from the hub.

    Args:
        model: A folder, or an id of the hub. `id@revision` gives a revision that is not the latest.
        otherwise: The alternative for the user, for the error message.

    Returns:
        The model on the disk.

    Raises:
        InputError: There is no such folder, and the hub cannot be reached or has no such model.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        return Pretrained(name=folder.resolve().name, revision=_digest(folder), folder=folder)
    name, _, revision = model.partition("@")
    try:
        folder = Path(_download(name, revision or None, SAFE_WEIGHTS))
        if not any(folder.glob(SAFE_WEIGHTS)):
            folder = Path(_download(name, folder.name, PICKLED_WEIGHTS))
    except (OSError, ValueError) as error:
        raise InputError(
            f"expected the folder or the hub id of a model, got {model}: it is no folder, and "
            f"cannot be reached on the hub ({type(error).__name__}: {_first_line(error)}). Give "
            f"the folder of a model, or {otherwise}."
        ) from error
    return Pretrained(name=name, revision=folder.name, folder=folder)


def load_model(
    source: Pretrained,
    device: torch.device,
    *,
    kind: Any = AutoModel,
    key_mapping: Mapping[str, str] | None = None,
) -> Any:
    """Load a model for evaluation, in float32.

    Args:
        source: The model on the disk.
        device: The device to load it to.
        kind: `AutoModel`, or another class of transformers, for a model with a head or a part.
        key_mapping: Pattern in the names of the weights in the file -> its replacement.

    Returns:
        The model.

    Raises:
        InputError: Files are missing or damaged, or weights are missing.
    """
    with _reporting(source, "the weights of a model"), quiet():
        model, info = kind.from_pretrained(
            source.folder,
            dtype=torch.float32,
            use_safetensors=any(source.folder.glob(SAFE_WEIGHTS)),
            output_loading_info=True,
            key_mapping=key_mapping and dict(key_mapping),
            trust_remote_code=False,
        )
    missing = sorted(key for key in info["missing_keys"] if not _unused(key))
    if missing:
        raise InputError(
            f"the model {source.name} lacks {len(missing)} weights, the first {missing[0]!r}. "
            "Random weights instead would make its output meaningless. Use a complete checkpoint."
        )
    return model.eval().to(device)


def load_processor(source: Pretrained, kind: Any) -> Any:
    """Load the tokenizer, the feature extractor or the configuration of a model.

    Args:
        source: The model on the disk.
        kind: `AutoTokenizer`, `AutoFeatureExtractor` or `AutoConfig`.

    Returns:
        The tokenizer, feature extractor or configuration.

    Raises:
        InputError: Its files are missing or damaged.
    """
    with _reporting(source, f"what {kind.__name__} needs"):
        processor = kind.from_pretrained(source.folder, trust_remote_code=False)
        if kind is AutoTokenizer and not {*processor.get_vocab()} - {*processor.all_special_tokens}:
            raise ValueError(
                "the tokenizer has no words"
            )  # of no files transformers makes an empty one
    return processor


def model_type(source: Pretrained) -> str:
    """Read the type of a model, such as `wav2vec2`, from its configuration.

    Args:
        source: The model on the disk.

    Returns:
        The type, in the words of the transformers library; empty if none is given.

    Raises:
        InputError: The configuration is missing or damaged.
    """
    with _reporting(source, "a config.json"):
        config, _ = PretrainedConfig.get_config_dict(source.folder)
    return str(config.get("model_type", ""))


def load_feature_extractor(source: Pretrained) -> Any:
    """Load the feature extractor, which prepares waveforms for a model.

    Args:
        source: The model on the disk.

    Returns:
        The feature extractor.

    Raises:
        InputError: Its files are missing, or its sampling rate is not ours.
    """
    extractor = load_processor(source, AutoFeatureExtractor)
    if extractor.sampling_rate != SAMPLING_RATE:
        raise InputError(
            f"expected a speech model for {SAMPLING_RATE} Hz, but {source.name} is for "
            f"{extractor.sampling_rate} Hz. Use another model."
        )
    return extractor


def refuse_adapter(source: Pretrained, model: Any) -> None:
    """Refuse a model whose last layer has fewer steps than the others.

    Raises:
        InputError: The model has such an adapter.
    """
    if getattr(model.config, "add_adapter", False):
        raise InputError(
            f"{source.name} has an adapter that shortens its last layer. Use a model without one."
        )


def _download(name: str, revision: str | None, weights: str) -> str:
    return snapshot_download(name, revision=revision, allow_patterns=[*CONFIGURATION, weights])


def _digest(folder: Path) -> str:
    """Shortened SHA-256 of the files that determine what a model computes."""
    digest = hashlib.sha256()
    patterns = (*CONFIGURATION, SAFE_WEIGHTS, PICKLED_WEIGHTS)
    for path in sorted(folder.iterdir()):
        if any(fnmatch(path.name, pattern) for pattern in patterns):
            with path.open("rb") as file:
                digest.update(path.name.encode())
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"sha256:{digest.hexdigest()[:16]}"


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _unused(key: str) -> bool:
    return not UNUSED_WEIGHTS.isdisjoint(key.split("."))


@contextmanager
def _reporting(source: Pretrained, what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # transformers raises even a bare Exception
        raise InputError(
            f"expected {what} in {source.folder}, but it cannot be loaded: {_first_line(error)}. "
            "Save model and processor there with save_pretrained."
        ) from error


@contextmanager
def quiet() -> Iterator[None]:
    """Silence transformers, which lists unused weights; `load_model` reports missing ones."""
    before = logging.get_verbosity()
    logging.set_verbosity(ERROR)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(before)
        logging.enable_progress_bar()
