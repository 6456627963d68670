"""Loads models of the transformers library."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from logging import ERROR
from typing import Any

import torch
from transformers import AutoFeatureExtractor, AutoModel, AutoTokenizer, PretrainedConfig
from transformers.utils import logging

from mdat_data import InputError
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders.locate import SAFE_WEIGHTS, Pretrained, first_line, has

UNUSED_WEIGHTS = {"masked_spec_embed", "pooler"}
"""Weights that may be missing: they have no effect on the hidden states outside training."""

PACKAGES: tuple[str, ...] = ("torch", "transformers")


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
            use_safetensors=has(source.folder, SAFE_WEIGHTS),
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
        if not config:  # what transformers makes of a missing file
            raise FileNotFoundError("it is missing or empty")
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


def _unused(key: str) -> bool:
    return not UNUSED_WEIGHTS.isdisjoint(key.split("."))


@contextmanager
def _reporting(source: Pretrained, what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # transformers raises even a bare Exception
        raise InputError(
            f"expected {what} in {source.folder}, but it cannot be loaded: {first_line(error)}. "
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
