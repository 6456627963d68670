"""Finds models of the transformers library, on the hub or in a folder."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from huggingface_hub import snapshot_download

from mdat_data import InputError

SAFE_WEIGHTS = ("model.safetensors", "model-*.safetensors")
PICKLED_WEIGHTS = ("pytorch_model.bin", "pytorch_model-*.bin")
"""Patterns that leave out copies in another precision, such as model.fp32-00001-of-00002."""

CONFIGURATION = ("*.json", "*.txt", "*.model")
"""Configurations and vocabularies of models, tokenizers and feature extractors."""

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
        name, folder = folder.resolve().name, _transformer(folder)
        return Pretrained(name=name, revision=_digest(folder), folder=folder)
    name, _, revision = model.partition("@")
    try:
        folder = Path(_download(name, revision or None, SAFE_WEIGHTS))
        if not has(_transformer(folder), SAFE_WEIGHTS):
            folder = Path(_download(name, folder.name, PICKLED_WEIGHTS))
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(
            f"expected the folder or the hub id of a model, got {model}: it is no folder, and "
            f"cannot be reached on the hub ({type(error).__name__}: {first_line(error)}). Give "
            f"the folder of a model, or {otherwise}."
        ) from error
    return Pretrained(name=name, revision=folder.name, folder=_transformer(folder))


def _download(name: str, revision: str | None, weights: Sequence[str]) -> str:
    patterns = [*CONFIGURATION, *weights, *(f"0_Transformer/{pattern}" for pattern in weights)]
    return snapshot_download(name, revision=revision, allow_patterns=patterns)


def _transformer(folder: Path) -> Path:
    """The folder of the transformer in that of a sentence encoder, else the folder itself."""
    modules = folder / "modules.json"
    if not modules.is_file():
        return folder
    try:
        listed = json.loads(modules.read_text(encoding="utf-8"))
        [path] = [each["path"] for each in listed if each["type"].endswith(".Transformer")]
        inside = folder / Path(path).name  # never outside
        if not inside.is_dir():
            raise ValueError(f"{path} is missing")
        return inside
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"expected one module of the type Transformer in {modules}, but there is none "
            f"({first_line(error)}). Give the folder of a model of the transformers library."
        ) from error


def has(folder: Path, patterns: Sequence[str]) -> bool:
    """Whether a folder has a file of one of the patterns."""
    return any(path for pattern in patterns for path in folder.glob(pattern))


def _digest(folder: Path) -> str:
    """Shortened SHA-256 of the files that determine what a model computes."""
    digest = hashlib.sha256()
    patterns = (*CONFIGURATION, *SAFE_WEIGHTS, *PICKLED_WEIGHTS)
    for path in sorted(folder.iterdir()):
        if any(fnmatch(path.name, pattern) for pattern in patterns):
            with path.open("rb") as file:
                digest.update(path.name.encode())
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"sha256:{digest.hexdigest()[:16]}"


def first_line(error: Exception) -> str:
    """The first line of an error's message."""
    return next(iter(str(error).splitlines()), type(error).__name__)
