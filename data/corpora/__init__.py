"""The corpora: one module each. The folder is the list, nothing is registered.

A module has a docstring, which is the documentation of the corpus; `LANGUAGE`; `LABELS`, from its
codes to our emotion words, `None` for what is left out on purpose; and `read(root)`, which yields
the utterances in order of their ids and returns what it left out, counted by reason.
"""

import inspect
import os
import pkgutil
from collections import Counter
from importlib import import_module
from pathlib import Path

from mdat_data.corpus import Corpus, Reading
from mdat_data.errors import InputError
from mdat_data.readers.audformat_database import is_audformat, read_audformat
from mdat_data.readers.manifest import read_manifest
from mdat_data.utterance import Utterance

__all__ = ["default_root", "names", "read_corpus"]


def names() -> tuple[str, ...]:
    """Name every corpus there is, in alphabetical order.

    Returns:
        The names as a user writes them: those of the modules, with dashes.
    """
    return tuple(sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__)))


def read_corpus(
    corpus: str, root: Path | None = None, *, emotion_column: str | None = None
) -> Corpus:
    """Read a corpus by name, or the recordings that a manifest or an audformat database lists.

    Args:
        corpus: One of `names()`, the path of a manifest (.csv or .tsv), or the folder of an
            audformat database.
        root: Folder of the recordings. Default for a name: `$MDAT_CORPORA/<corpus>`, without that
            variable `corpora/<corpus>`; for a manifest: the folder it lies in; for a database: its
            own.
        emotion_column: Of an audformat database, as `<table>.<column>`; None finds it by name.

    Returns:
        The corpus, never empty.

    Raises:
        InputError: If the name is unknown, no recording of the corpus is found, or what is found
            contradicts itself.
    """
    if is_audformat(Path(corpus)):
        return read_audformat(Path(corpus), root, emotion_column=emotion_column)
    if emotion_column is not None:
        raise InputError(
            f"expected --emotion-column with an audformat database, a folder with db.yaml, but "
            f"the corpus is {corpus!r}. Leave it out."
        )
    if Path(corpus).suffix.lower() in (".csv", ".tsv"):
        return read_manifest(Path(corpus), root)
    if corpus not in names():
        raise InputError(
            f"expected a corpus, a manifest or an audformat database, got {corpus!r}. The corpora "
            f"are {', '.join(names())}; other recordings are listed in a manifest, a .csv or .tsv "
            "file with the columns id, audio, emotion and speaker, or in a database, a folder with "
            "db.yaml."
        )
    module = import_module(f"{__name__}.{corpus.replace('-', '_')}")
    root = root or default_root(corpus)
    utterances, left_out = _exhaust(module.read(root))
    if not utterances:
        came = (
            f"it holds none ({', '.join(left_out) or 'an empty folder'})"
            if root.is_dir()
            else "there is no such folder"
        )
        raise InputError(
            f"expected the recordings of {corpus} in {root}, but {came}. Name the folder that "
            "holds them, or let MDAT_CORPORA name the folder above it.\n\n"
            f"{inspect.getdoc(module)}"
        )
    return Corpus(
        name=corpus,
        language=module.LANGUAGE,
        root=root,
        utterances=utterances,
        left_out=left_out,
    )


def default_root(corpus: str) -> Path:
    """Where the recordings of a corpus are looked for, unless a folder is named.

    Args:
        corpus: Its name.

    Returns:
        `$MDAT_CORPORA/<corpus>`, without that variable `corpora/<corpus>`.
    """
    return Path(os.environ.get("MDAT_CORPORA", "corpora"), corpus)


def _exhaust(reading: Reading) -> tuple[tuple[Utterance, ...], Counter[str]]:
    kept = []
    while True:
        try:
            kept.append(next(reading))
        except StopIteration as end:
            return tuple(kept), end.value
