"""The corpora: one module each. The folder is the list; there is no registry.

A corpus module has:

* a docstring, which documents the corpus under the headings Origin, Obtain, Licence, Layout,
  Oddities and Citation,
* `LANGUAGE`, an ISO 639-1 code,
* `SIZE`, what is there when every file is,
* `LABELS`, from the codes of the corpus to our emotion words, or to its own word where no common
  one covers it, which the oddities name; None where the code is left out,
* `BIBTEX`, the entry of the citation, and
* `read(root)`, which yields the utterances in the order of their ids and returns the number of
  recordings that it left out, by reason.
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
    """Return the names of all corpora, in alphabetical order.

    Returns:
        The names as users write them: those of the modules, with dashes.
    """
    return tuple(sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(__path__)))


def read_corpus(
    corpus: str | Path, root: str | Path | None = None, *, emotion_column: str | None = None
) -> Corpus:
    """Read a corpus, a manifest or an audformat database.

    Args:
        corpus: One of `names()`, the path of a manifest (.csv or .tsv), or the folder of an
            audformat database.
        root: Folder of the recordings. Default: for a name `default_root(corpus)`, for a manifest
            its folder, for a database the database itself.
        emotion_column: The emotions of an audformat database, as `<table>.<column>`. Default: found
            by name.

    Returns:
        The corpus, never empty.

    Raises:
        InputError: The name is unknown, there is no recording of the corpus, or the corpus
            contradicts itself.
    """
    corpus, path = str(corpus), Path(corpus)
    root = None if root is None else Path(root)
    if is_audformat(path):
        return read_audformat(path, root, emotion_column=emotion_column)
    if emotion_column is not None:
        raise InputError(
            "expected --emotion-column with an audformat database, a folder with db.yaml, but the "
            f"corpus is {corpus!r}. Leave the option out."
        )
    if path.suffix.lower() in (".csv", ".tsv"):
        return read_manifest(path, root)
    if corpus not in names():
        raise InputError(
            f"expected a corpus, a manifest or an audformat database, got {corpus!r}. The corpora "
            f"are {', '.join(names())}. List other recordings in a manifest, a .csv or .tsv file "
            "with the columns id, audio and speaker, or in a database, a folder with db.yaml."
        )
    module = import_module(f"{__name__}.{corpus.replace('-', '_')}")
    root = root or default_root(corpus)
    utterances, left_out = _exhaust(module.read(root))
    if not utterances:
        got = (
            f"it holds none ({', '.join(left_out) or 'an empty folder'})"
            if root.is_dir()
            else "there is no such folder"
        )
        raise InputError(
            f"expected the recordings of {corpus} in {root}, but {got}. Give their folder with "
            "--root, or the folder above it in the environment variable MDAT_CORPORA.\n\n"
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
    """Return the folder in which the recordings of a corpus are expected by default.

    Args:
        corpus: Name of the corpus.

    Returns:
        `$MDAT_CORPORA/<corpus>`, or `corpora/<corpus>` if that variable is not set.
    """
    return Path(os.environ.get("MDAT_CORPORA", "corpora"), corpus)


def _exhaust(reading: Reading) -> tuple[tuple[Utterance, ...], Counter[str]]:
    kept = []
    while True:
        try:
            kept.append(next(reading))
        except StopIteration as end:
            return tuple(kept), end.value
