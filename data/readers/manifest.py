"""Manifests: the user's own recordings, listed in a table."""

import csv
from pathlib import Path

from mdat_data.corpus import Corpus
from mdat_data.errors import InputError, listed
from mdat_data.utterance import Utterance

REQUIRED = ("id", "audio", "emotion", "speaker")

Rows = list[tuple[int, dict[str, str]]]
"""The rows, each with the number of its last line in the file."""


def read_manifest(path: Path, root: Path | None = None) -> Corpus:
    """Read a table of recordings in any language, with any words for emotions.

    The first line names the columns, in any order. Required are `id`, `audio`, `emotion` and
    `speaker`. Optional are `transcript`, `language` (default: "und", undetermined) and `group`
    (default: the speaker). Other columns are ignored. The table is in UTF-8, with or without a byte
    order mark. A .tsv file is separated by tabs, any other by commas.

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
    rows = _rows(path)
    _refuse(f"{path}: expected a value in every required column", _gaps(rows))
    _refuse(f"{path}: expected each id once", _repeated(rows))
    absent = [f"line {n}: {row['audio']}" for n, row in rows if not (root / row["audio"]).is_file()]
    _refuse(
        f"{path}: expected recordings with paths that are absolute or relative to {root}", absent
    )
    utterances = sorted((_utterance(row, root) for _, row in rows), key=lambda each: each.id)
    return Corpus(
        name=path.stem,
        language=",".join(sorted({utterance.language for utterance in utterances})),
        root=root,
        utterances=tuple(utterances),
        left_out={},
    )


def _rows(path: Path) -> Rows:
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(
                file, delimiter=delimiter, restval="", skipinitialspace=True, strict=True
            )
            columns = reader.fieldnames or ()
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: expected a table in UTF-8, but {error}.") from error
    if missing := [column for column in REQUIRED if column not in columns]:
        raise InputError(
            f"{path}: expected the columns {', '.join(REQUIRED)}, but the first line lacks "
            f"{', '.join(missing)}; it is {', '.join(columns) or 'empty'}. A .csv file is "
            "separated by commas, a .tsv file by tabs."
        )
    if not rows:
        raise InputError(f"{path}: expected a line for each recording, but got only the header.")
    return rows


def _gaps(rows: Rows) -> list[str]:
    gaps = [
        f"line {line}: {column} is empty"
        for line, row in rows
        for column in REQUIRED
        if not row[column]
    ]
    # DictReader puts surplus values under None. The usual cause is a separator without quotes.
    return gaps + [f"line {line}: too many values" for line, row in rows if None in row]


def _repeated(rows: Rows) -> list[str]:
    first: dict[str, int] = {}
    return [
        f"line {line}: {row['id']}, as in line {first[row['id']]}"
        for line, row in rows
        if first.setdefault(row["id"], line) != line
    ]


def _refuse(expected: str, faults: list[str]) -> None:
    if faults:
        separator = "\n  "
        raise InputError(f"{expected}, but:{separator}{listed(faults, separator=separator)}")


def _utterance(row: dict[str, str], root: Path) -> Utterance:
    return Utterance(
        id=row["id"],
        audio=root / row["audio"],
        transcript=row.get("transcript", ""),
        emotion=row["emotion"],
        speaker=row["speaker"],
        group=row.get("group") or row["speaker"],
        language=row.get("language") or "und",
    )
