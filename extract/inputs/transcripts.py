"""Transcripts that the user brings, such as those of a speech recogniser."""

import csv
from collections.abc import Sequence
from pathlib import Path

from mdat_data import InputError, Utterance

COLUMNS = ("id", "text")
SHOWN = 10
"""At most so many ids are listed one by one."""


def read_transcripts(path: Path, utterances: Sequence[Utterance]) -> dict[str, str]:
    """Read a table of transcripts.

    Args:
        path: A file in UTF-8 with the columns `id` and `text`, separated by tabs; quotation marks
            have no meaning.
        utterances: The whole corpus.

    Returns:
        Id -> transcript. An empty one says that nothing is said.

    Raises:
        InputError: The table cannot be read, lacks a column, has an id twice, or one that is not
            in the corpus.
    """
    texts = {row["id"]: row["text"] for row in read_table(path, COLUMNS)}
    known = {utterance.id for utterance in utterances}
    if unknown := [id for id in texts if id not in known]:
        raise InputError(
            f"{path}: expected ids of the corpus, but {len(unknown)} are not: "
            f"{', '.join(unknown[:SHOWN])}{', …' if len(unknown) > SHOWN else ''}. Its ids look "
            f"like {utterances[0].id!r}."
        )
    return texts


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a table that is separated by tabs.

    Args:
        path: A file in UTF-8; quotation marks have no meaning.
        columns: Which it must have, `id` among them; others are no matter.

    Returns:
        The rows, without spaces at the ends of a cell.

    Raises:
        InputError: The table cannot be read, lacks a column, or has an id twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
            found, rows = reader.fieldnames or (), list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"{path}: expected transcripts in UTF-8, but it cannot be read ({error})."
        ) from error
    if missing := [column for column in columns if column not in found]:
        raise InputError(
            f"{path}: expected the columns {_and(columns)}, separated by a tab, but "
            f"{_and(missing)} is not in the first line, which has: {', '.join(found)}."
        )
    if again := len(rows) - len({row["id"] for row in rows}):
        raise InputError(f"{path}: expected each id once, but {again} come again.")
    return [{column: row[column].strip() for column in columns} for row in rows]


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
