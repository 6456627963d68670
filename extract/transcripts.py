"""Transcripts that the user brings, such as those of a speech recogniser."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mdat_data import InputError, Utterance

COLUMNS = ("id", "text")
SHOWN = 10
"""At most so many ids are listed one by one."""


def with_transcripts(utterances: Sequence[Utterance], path: Path) -> list[Utterance]:
    """Give utterances the transcripts of a table; the others keep what they have.

    Args:
        utterances: The whole corpus.
        path: A file in UTF-8 with the columns `id` and `text`, separated by tabs; quotation marks
            have no meaning.

    Returns:
        The utterances in the same order.

    Raises:
        InputError: The table cannot be read, lacks a column, has an id twice, or one that is not
            in the corpus.
    """
    texts = _read(path)
    known = {utterance.id for utterance in utterances}
    if unknown := [id for id in texts if id not in known]:
        raise InputError(
            f"{path}: expected ids of the corpus, but {len(unknown)} are not: "
            f"{', '.join(unknown[:SHOWN])}{', …' if len(unknown) > SHOWN else ''}. Its ids look "
            f"like {utterances[0].id!r}."
        )
    return [replace(u, transcript=texts.get(u.id, u.transcript)) for u in utterances]


def _read(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
            columns, rows = reader.fieldnames or (), list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"{path}: expected transcripts in UTF-8, but it cannot be read ({error})."
        ) from error
    if missing := [column for column in COLUMNS if column not in columns]:
        raise InputError(
            f"{path}: expected the columns {' and '.join(COLUMNS)}, separated by a tab, but "
            f"{' and '.join(missing)} is not in the first line, which has: {', '.join(columns)}."
        )
    texts = {row["id"]: row["text"].strip() for row in rows}
    if len(texts) < len(rows):
        raise InputError(f"{path}: expected each id once, but {len(rows) - len(texts)} come again.")
    return texts
