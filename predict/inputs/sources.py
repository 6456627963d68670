"""The recordings that a user names: files, folders, manifests, standard input, a microphone."""

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mdat_data import InputError, Utterance
from mdat_data.corpora import read_corpus
from mdat_data.corpus import UNWRITABLE
from mdat_data.readers.audformat_database import is_audformat
from mdat_data.readers.file_names import AUDIO
from mdat_predict.inputs.microphone import MICROPHONE, record

STANDARD_INPUT = "-"
MANIFESTS = (".csv", ".tsv")
FEATURES = (".h5", ".hdf5")


@dataclass(frozen=True)
class Source:
    """A recording to predict.

    Attributes:
        name: As the user gave it; of an utterance of a manifest its id.
        path: The file.
        utterance: What a manifest says about it; None for other recordings.
        transcript: What is said in it; None where that is not known.
    """

    name: str
    path: Path
    utterance: Utterance | None = None
    transcript: str | None = None


@contextmanager
def sources(
    inputs: Sequence[str | Path], *, microphone: float | None = None
) -> Iterator[list[Source]]:
    """Find the recordings that a user names.

    Args:
        inputs: Files, folders (with those below them, in the order of their names), manifests
            (.csv or .tsv), folders of audformat databases, or `-` for standard input.
        microphone: Seconds to record from the microphone besides; None records nothing.

    Yields:
        The recordings, in this order, that of the microphone last. What it heard and what standard
        input holds last as long as the context.

    Raises:
        InputError: There is no such file or folder, a folder holds no recording, or a manifest
            cannot be read; a name is not in UTF-8; or nothing can be recorded.
    """
    with TemporaryDirectory(prefix="mdat-predict-") as folder:
        found = [source for each in inputs for source in _found(each, Path(folder))]
        if microphone is not None:
            heard = record(Path(folder) / "microphone.wav", seconds=microphone)
            found.append(Source(MICROPHONE, heard))
        for source in found:
            _check_name(source.name)
        yield found


def _found(given: str | Path, temporary: Path) -> Iterable[Source]:
    if str(given) == STANDARD_INPUT:
        return [Source(STANDARD_INPUT, _copied(temporary / "standard-input.wav"))]
    path = Path(given)
    if path.suffix.lower() in MANIFESTS or is_audformat(path):
        return [
            Source(u.id, u.audio, u, u.transcript or None) for u in read_corpus(path).utterances
        ]
    if path.suffix.lower() in FEATURES:
        raise InputError(
            f"expected recordings, got the features file {given}. With --score it is tested; give "
            "it alone."
        )
    if path.is_dir():
        return _inside(path)
    if not path.exists():
        raise InputError(
            f"expected a recording, a folder, a manifest (.csv or .tsv) or -, got {given}, which "
            "does not exist. Correct its path."
        )
    return [Source(str(given), path)]


def _check_name(name: str) -> None:
    """Refuse a name that no output can hold, before any work."""
    if UNWRITABLE.search(name):
        raise InputError(
            f"expected names of recordings in UTF-8, got {name!r}. Rename the file or its folder."
        )


def _inside(folder: Path) -> list[Source]:
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in AUDIO)
    if not found:
        raise InputError(
            f"expected recordings in {folder}, but no file there ends in "
            f"{', '.join(sorted(AUDIO))}. Name another folder, or the files themselves."
        )
    return [Source(str(path), path) for path in found]


def _copied(path: Path) -> Path:
    """Standard input as a file: the audio of a WAV file is found by going back and forth."""
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path
