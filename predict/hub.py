"""Runs on the Hugging Face Hub: loading the model of one, and sharing one."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mdat_data.errors import InputError
from mdat_data.process import checksum
from mdat_data.process.packages import require
from mdat_predict.saved.description import FILES, read_description

CARD = "MODEL_CARD.md"
MODEL = (*FILES, CARD, "model.keras", "reliability.png")
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
    """List the files of a run that can be shared.

    Args:
        run: The folder of a run.
        model_only: Only the model, without the utterances that it was tested on.

    Returns:
        The files, by name. What has no checksum is not of the run.

    Raises:
        InputError: The folder has no model, or is not as it was written.
    """
    read_description(run)
    names = checksum.recorded(run)
    for name in (*FILES, CARD):
        if name not in names:
            raise InputError(
                f"{run} must have {name} and its checksum to be shared, but "
                f"{'the checksum' if (run / name).is_file() else name} is missing. Restore it from "
                f"a copy, or make the run again; model.onnx alone: mdat-train --export {run}"
            )
    if damage := checksum.damage(run, names):
        raise InputError(
            f"{run} must be as it was written to be shared, but {damage}. Restore it from a copy, "
            "or make the run again."
        )
    wanted = [name for name in names if name in MODEL] if model_only else [*names, checksum.NAME]
    return [run / name for name in sorted(wanted)]


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
        InputError: The Hub cannot be reached or refuses, or the repository is public and should be
            private, or the reverse.
    """
    require("huggingface_hub", "shares runs", extra="hub")
    if not re.fullmatch("[^/]+/[^/]+", repository):
        raise InputError(
            f"expected the repository as USER/NAME, got {repository}. Put your name on the Hub, or "
            "that of an organisation, before it."
        )
    from huggingface_hub import CommitOperationAdd, HfApi

    contents: dict[str, Any] = {path.name: path for path in files}
    contents["README.md"] = readme(contents.pop(CARD), licence=licence).encode()
    with _hub_errors(f"{repository} cannot be written"):
        api = HfApi()
        address = api.create_repo(repository, private=not public, exist_ok=True)
        if bool(api.model_info(repository).private) == public:
            wanted, there = ("public", "private") if public else ("private", "public")
            raise InputError(
                f"expected {repository} to be {wanted}, but it is there and {there}. Share it "
                f"{'without' if public else 'with'} --public, or choose another name."
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
