"""Transcripts that the user brings, for example those of a speech recogniser."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mdat_data import InputError, Utterance
from mdat_data.errors import listed
from mdat_data.readers.table import read_table

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
    texts = {row["id"]: row["text"] for row in read_rows(path, COLUMNS)}
    known = {utterance.id for utterance in utterances}
    if unknown := [id for id in texts if id not in known]:
        raise InputError(
            f"{path}: expected ids of the corpus, such as {utterances[0].id!r}, got {len(unknown)} "
            f"unknown ids: {listed(unknown)}. Correct or remove these lines."
        )
    return texts


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a table that is separated by tabs and has one row for each id.

    Args:
        path: A file in UTF-8. Quotation marks are ordinary characters.
        columns: The required columns, `id` among them. Other columns are ignored.

    Returns:
        The rows, with the required columns.

    Raises:
        InputError: The table cannot be read, lacks a column, or has an id twice.
    """
    rows = [row.cells for row in read_table(path, columns, delimiter="\t")]
    counts = Counter(row["id"] for row in rows)
    if repeated := [id for id, count in counts.items() if count > 1]:
        raise InputError(
            f"{path}: expected each id once, got {len(repeated)} ids several times: "
            f"{listed(repeated)}. Remove the other lines."
        )
    return [{column: row[column] for column in columns} for row in rows]
