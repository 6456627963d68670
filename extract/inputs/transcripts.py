"""Transcripts that the user brings, for example those of a speech recogniser."""

import csv
from collections.abc import Sequence
from pathlib import Path

from mdat_data import InputError, Utterance
from mdat_data.errors import listed

COLUMNS = ("id", "text")


def read_transcripts(path: Path, utterances: Sequence[Utterance]) -> dict[str, str]:
    """Read a table of transcripts.

    Args:
        path: A file in UTF-8 with the columns `id` and `text`, separated by tabs. Quotation marks
            are ordinary characters.
        utterances: All utterances of the corpus.

    Returns:
        Id -> transcript. An empty transcript means that nothing is spoken.

    Raises:
        InputError: The table cannot be read, lacks a column, has an id twice, or has an id that is
            not in the corpus.
    """
    texts = {row["id"]: row["text"] for row in read_table(path, COLUMNS)}
    known = {utterance.id for utterance in utterances}
    if unknown := [id for id in texts if id not in known]:
        raise InputError(
            f"{path}: expected ids of the corpus, such as {utterances[0].id!r}, got {len(unknown)} "
            f"unknown ids: {listed(unknown)}. Correct or remove these lines."
        )
    return texts


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a table that is separated by tabs.

    Args:
        path: A file in UTF-8. Quotation marks are ordinary characters.
        columns: The required columns, `id` among them. Other columns are ignored.

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
            f"{path}: expected the columns {', '.join(columns)}, separated by tabs, but the first "
            f"line lacks {', '.join(missing)}. It has: {', '.join(found)}."
        )
    if repeated := len(rows) - len({row["id"] for row in rows}):
        raise InputError(
            f"{path}: expected each id once, got {repeated} repeated ids. Remove these lines."
        )
    return [{column: row[column].strip() for column in columns} for row in rows]
