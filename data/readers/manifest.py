"""Manifests: the user's own recordings, listed in a table."""

import unicodedata
from pathlib import Path

from mdat_data.corpus import Corpus
from mdat_data.errors import InputError, listed
from mdat_data.readers.table import Row, read_table
from mdat_data.utterance import Utterance, sex_of

REQUIRED = ("id", "audio", "speaker")


def read_manifest(path: Path, root: Path | None = None) -> Corpus:
    """Read a table of recordings in any language, with any words for emotions.

    The first line names the columns, in any order. Required are `id`, `audio` and `speaker`.
    Optional are `emotion` (an utterance without one is unlabelled), `transcript`, `language`
    (default: "und", undetermined), `group` (default: the speaker) and `sex` (of the speaker: female
    or f, male or m, or another word). Other columns are ignored. A .tsv file is separated by tabs,
    any other by commas; `mdat_data.readers.table` says what else a table may hold.

    Args:
        path: The table.
        root: The folder to which the paths of recordings are relative. Default: the folder of the
            table.

    Returns:
        The corpus, named after the file.

    Raises:
        InputError: The table cannot be read, a required column or value is missing, an id occurs
            twice, or a recording is missing.
    """
    root = path.parent if root is None else root
    rows = read_table(path, REQUIRED, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    if not rows:
        raise InputError(
            f"{path}: expected a line for each recording, but got only the header. Add them."
        )
    _refuse(f"{path}: expected a value in every required column", _gaps(rows))
    _refuse(f"{path}: expected each id once", _repeated(rows))
    absent = [
        f"line {row.line}: {row.cells['audio']}" for row in rows if not _audio(row, root).is_file()
    ]
    _refuse(
        f"{path}: expected recordings with paths that are absolute or relative to {root}", absent
    )
    utterances = sorted((_utterance(row, root) for row in rows), key=lambda each: each.id)
    return Corpus(
        name=path.stem,
        language=",".join(sorted({utterance.language for utterance in utterances})),
        root=root,
        utterances=tuple(utterances),
        left_out={},
    )


def _gaps(rows: list[Row]) -> list[str]:
    return [
        f"line {row.line}: {column} is empty"
        for row in rows
        for column in REQUIRED
        if not row.cells[column]
    ]


def _repeated(rows: list[Row]) -> list[str]:
    first: dict[str, int] = {}
    return [
        f"line {row.line}: {row.cells['id']}, as in line {first[row.cells['id']]}"
        for row in rows
        if first.setdefault(row.cells["id"], row.line) != row.line
    ]


def _refuse(expected: str, faults: list[str]) -> None:
    if faults:
        lines = listed(faults, separator="\n  ")
        raise InputError(f"{expected}. Correct these lines:\n  {lines}")


def _audio(row: Row, root: Path) -> Path:
    """The recording; the name of its file may be in Unicode's decomposed form, as on a Mac."""
    path = root / row.cells["audio"]
    decomposed = root / unicodedata.normalize("NFD", row.cells["audio"])
    return decomposed if decomposed.is_file() and not path.is_file() else path


def _utterance(row: Row, root: Path) -> Utterance:
    cells = row.cells
    return Utterance(
        id=cells["id"],
        audio=_audio(row, root),
        transcript=cells.get("transcript", ""),
        emotion=cells.get("emotion") or None,
        speaker=cells["speaker"],
        group=cells.get("group") or cells["speaker"],
        language=cells.get("language") or "und",
        sex=sex_of(cells.get("sex", "")),
    )
