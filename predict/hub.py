"""Runs on the Hugging Face Hub: loading the model of one, and sharing one."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mdat_data.errors import InputError, listed
from mdat_data.process.packages import require
from mdat_predict.saved.description import read_description

FILES = ("model.onnx", "model.json")
"""What prediction needs."""

MODEL = (*FILES, "model.keras", "MODEL_CARD.md", "reliability.png")
"""What of a run is the model, without the utterances that it was tested on."""

ADDRESS = re.compile(r"hf:/{1,2}(?P<name>[^/@]+/[^/@]+)(@(?P<revision>.+))?")
"""The address of a run; a path has one of its two slashes."""

TAGS = ("audio-classification", "speech-emotion-recognition")


def located(run: str | Path) -> Path:
    """Find the folder of a run.

    Args:
        run: A folder, or an address `hf://user/name` or `hf://user/name@revision`. A folder of
            this name is preferred; else the model is downloaded, unless it was before.

    Returns:
        The folder. That of a download has `model.onnx` and `model.json` alone.

    Raises:
        InputError: The address is none, cannot be reached, or has no model; or huggingface_hub is
            not installed.

    Example:
        >>> str(located("runs/urdu"))
        'runs/urdu'
    """
    folder, address = Path(run), str(run)
    if not address.startswith("hf:/") or folder.exists():
        return folder
    found = ADDRESS.fullmatch(address)
    if not found:
        raise InputError(
            f"expected the address of a run as hf://user/name or hf://user/name@revision, got "
            f"{address}. Correct it, or name a folder."
        )
    require("huggingface_hub", f"downloads {address}", extra="hub")
    from huggingface_hub import snapshot_download

    with _hub_errors(f"{address} cannot be downloaded"):
        place = snapshot_download(
            found["name"], revision=found["revision"], allow_patterns=list(FILES)
        )
    missing = [name for name in FILES if not (Path(place) / name).is_file()]
    if missing:
        raise InputError(
            f"{address} must have model.onnx and model.json, but {' and '.join(missing)} is "
            "missing. Name a repository that mdat-share wrote."
        )
    return Path(place)


def shareable(run: Path, *, model_only: bool = False) -> list[Path]:
    """List the files of a run that can be shared: those that have a checksum, as they were written.

    Args:
        run: The folder of a run.
        model_only: Only the model, without the utterances that it was tested on.

    Returns:
        The files, by name.

    Raises:
        InputError: The folder has no model, or is not as it was written.
    """
    read_description(run)
    sums = _checksums(run)
    for name in (*FILES, "MODEL_CARD.md"):
        if name not in sums:
            raise InputError(
                f"{run} must have {name} to be shared, but it is missing. Write it with: "
                f"mdat-train --export {run}"
            )
    changed = [name for name in sorted(sums) if _sha256(run / name) != sums[name]]
    if changed:
        raise InputError(
            f"{run} must be as it was written, but the checksum of {listed(changed)} does not "
            "match. Restore the folder from a copy, or make the run again."
        )
    names = [name for name in MODEL if name in sums] if model_only else [*sums, "checksum.json"]
    return [run / name for name in sorted(names)]


def share(
    files: Sequence[Path], repository: str, *, public: bool = False, licence: str = "unknown"
) -> str:
    """Put a run on the Hub, in one commit.

    Args:
        files: From `shareable`.
        repository: Its name there, `user/name`. It is made if it does not exist.
        public: Whether others may see it.
        licence: Of the model, as the Hub calls it, such as `cc-by-4.0`.

    Returns:
        The address of the page.

    Raises:
        InputError: The Hub cannot be reached or refuses, or the repository is public and should
            not be.
    """
    require("huggingface_hub", "shares runs", extra="hub")
    if not re.fullmatch("[^/]+/[^/]+", repository):
        raise InputError(
            f"expected the repository as USER/NAME, got {repository}. Put your name on the Hub, or "
            "that of an organisation, before it."
        )
    from huggingface_hub import CommitOperationAdd, HfApi

    contents: dict[str, Any] = {path.name: path for path in files}
    contents["README.md"] = readme(contents.pop("MODEL_CARD.md"), licence=licence).encode()
    with _hub_errors(f"{repository} cannot be written"):
        api = HfApi()
        address = api.create_repo(repository, private=not public, exist_ok=True)
        if not public and not api.model_info(repository).private:
            raise InputError(
                f"{repository} must be private, but it is public already. Share it there with "
                "--public, or choose another name."
            )
        operations = [CommitOperationAdd(name, content) for name, content in contents.items()]
        api.create_commit(repository, operations, commit_message="The run as mdat-train wrote it")
    return str(address)


def readme(card: Path, *, licence: str) -> str:
    """The card of a model with the header that the Hub reads.

    Args:
        card: `MODEL_CARD.md` of a run.
        licence: Of the model, as the Hub calls it.
    """
    from huggingface_hub import ModelCardData

    _, content = read_description(card.parent)
    languages = [code for code in content["learned_from"]["languages"] if code != "und"]
    header = ModelCardData(license=licence, language=languages or None, tags=list(TAGS))
    return f"---\n{header.to_yaml()}\n---\n\n{card.read_text(encoding='utf-8')}"


def _checksums(run: Path) -> Mapping[str, str]:
    """File -> SHA-256, as the run has it."""
    try:
        sums = json.loads((run / "checksum.json").read_text(encoding="utf-8"))
        return {str(Path(name).name): str(value) for name, value in sums.items()}
    except (AttributeError, OSError, ValueError) as error:
        raise InputError(
            f"{run} must have the checksums of its files in checksum.json, but they cannot be read "
            f"({error}). Write them with: mdat-train --export {run}"
        ) from None


def _sha256(path: Path) -> str:
    """The checksum of a file; empty where there is no file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


@contextmanager
def _hub_errors(failed: str) -> Iterator[None]:
    """Say what to do where the Hub cannot be reached, or refuses."""
    # The client of HTTP has changed between versions of huggingface_hub; its error is always here.
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]

    try:
        yield
    except InputError:
        raise
    except (HTTPError, OSError, ValueError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise InputError(
            f"{failed} ({type(error).__name__}: {reason}). Check its name and the network; for "
            "what is yours or private log in with: hf auth login"
        ) from error
