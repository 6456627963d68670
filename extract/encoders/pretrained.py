"""Models of the transformers library, from the hub or from a folder, loaded without surprises."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from logging import ERROR
from pathlib import Path
from typing import Any

import numpy as np
import torch
from huggingface_hub import snapshot_download
from transformers import AutoFeatureExtractor, AutoModel, AutoTokenizer
from transformers.utils import logging

from mdat_data import InputError
from mdat_extract.inputs.audio import SAMPLING_RATE

SAFE_WEIGHTS = "model*.safetensors"
PICKLED_WEIGHTS = "pytorch_model*.bin"
CONFIGURATION = ("*.json", "*.txt", "*.model")
"""Settings and vocabularies of models, of tokenizers and of feature extractors."""

UNUSED_WEIGHTS = {"masked_spec_embed", "pooler"}
"""May be missing: they play no part in the hidden states of a model that is not being trained."""

PACKAGES: tuple[str, ...] = ("torch", "transformers")

OFFLINE = "use what needs no download: --speech-encoder logmel --text-encoder char-ngram"
"""What else an encoder can be."""


@dataclass(frozen=True, kw_only=True)
class Pretrained:
    """A model on this machine's disk.

    Attributes:
        name: Its id, or the name of its folder.
        revision: The commit, or a digest of the folder's files.
        folder: Where it lies.
    """

    name: str
    revision: str
    folder: Path


def locate(model: str, *, otherwise: str = OFFLINE) -> Pretrained:
    """Find a model, and download it where it is not here yet.

    Args:
        model: A folder, or an id of the hub, with `@` and a revision if it shall not be the latest.
        otherwise: What the user may do instead, in words.

    Returns:
        The model on the disk.

    Raises:
        InputError: There is no such folder, or the model cannot be reached.
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
            f"the model {model} is no folder, and cannot be reached on the hub "
            f"({type(error).__name__}: {_first_line(error)}). Name a folder that holds it, "
            f"or {otherwise}."
        ) from error
    return Pretrained(name=name, revision=folder.name, folder=folder)


def load_model(source: Pretrained, device: torch.device, *, kind: Any = AutoModel) -> Any:
    """Load a model for evaluation, in float32.

    Args:
        source: Where it lies.
        device: Where it goes.
        kind: `AutoModel`, or that of a model with a head.

    Returns:
        The model.

    Raises:
        InputError: Files are missing or damaged, or some weights are not there.
    """
    with _reporting(source, "the weights of a model"), quiet():
        model, info = kind.from_pretrained(
            source.folder,
            dtype=torch.float32,
            use_safetensors=any(source.folder.glob(SAFE_WEIGHTS)),
            output_loading_info=True,
            trust_remote_code=False,
        )
    missing = sorted(key for key in info["missing_keys"] if not _unused(key))
    if missing:
        raise InputError(
            f"the model {source.name} lacks {len(missing)} weights, the first {missing[0]!r}; with "
            "random ones in their place its output would mean nothing. Use a complete checkpoint."
        )
    return model.eval().to(device)


def load_processor(source: Pretrained, kind: Any) -> Any:
    """Load what prepares the input of a model.

    Args:
        source: Where the model lies.
        kind: `AutoTokenizer`, `AutoFeatureExtractor` or `AutoConfig`.

    Returns:
        The tokenizer, feature extractor or configuration.

    Raises:
        InputError: It is not there.
    """
    with _reporting(source, f"what {kind.__name__} needs"):
        processor = kind.from_pretrained(source.folder, trust_remote_code=False)
        if kind is AutoTokenizer and not {*processor.get_vocab()} - {*processor.all_special_tokens}:
            raise ValueError("the tokenizer has no words")  # transformers makes one of nothing
    return processor


def load_feature_extractor(source: Pretrained) -> Any:
    """Load what prepares waveforms for a model.

    Args:
        source: Where the model lies.

    Returns:
        The feature extractor.

    Raises:
        InputError: It is not there, or hears another sampling rate than ours.
    """
    extractor = load_processor(source, AutoFeatureExtractor)
    if extractor.sampling_rate != SAMPLING_RATE:
        raise InputError(
            f"expected a model of speech at {SAMPLING_RATE} Hz, but {source.name} takes "
            f"{extractor.sampling_rate} Hz."
        )
    return extractor


def choose_device(name: str) -> torch.device:
    """Find the device for a computation.

    Args:
        name: `auto` for cuda where there is one and else cpu, or a device that torch knows.

    Returns:
        The device.

    Raises:
        InputError: It is not here.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        return torch.zeros(1, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise InputError(
            f"there is no device {name!r} here ({_first_line(error)}). Use --device cpu, or auto."
        ) from error


@contextmanager
def computing(device: torch.device, precision: str) -> Iterator[None]:
    """Compute without gradients, in a precision.

    Args:
        device: Where.
        precision: `float32`, on every device without tricks, or `bfloat16`.
    """
    with (
        torch.inference_mode(),
        torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16"),
        torch.backends.cudnn.flags(
            enabled=True, benchmark=False, deterministic=True, allow_tf32=False
        ),
    ):
        yield


def hidden_state(output: Any, layer: str) -> np.ndarray:
    """Take a layer from what a model returns.

    Args:
        output: With `last_hidden_state` and `hidden_states`.
        layer: `last` or a number.

    Returns:
        (batch, steps, dim) float32.
    """
    state = output.last_hidden_state if layer == "last" else output.hidden_states[int(layer)]
    rows: np.ndarray = state.float().cpu().numpy()
    return rows


def _download(name: str, revision: str | None, weights: str) -> str:
    return snapshot_download(name, revision=revision, allow_patterns=[*CONFIGURATION, weights])


def _digest(folder: Path) -> str:
    """SHA-256, shortened, of the files that decide what a model computes."""
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
    except Exception as error:  # even a bare Exception comes, where a folder is not whole
        raise InputError(
            f"expected {what} in {source.folder}, but it cannot be loaded: {_first_line(error)}. "
            "Save model and processor there with save_pretrained."
        ) from error


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from listing what it does not need; what is missing we name."""
    before = logging.get_verbosity()
    logging.set_verbosity(ERROR)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(before)
        logging.enable_progress_bar()
