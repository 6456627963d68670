"""What else is known of the test utterances: the sex of the speaker, or a column of a table."""

from collections.abc import Sequence
from pathlib import Path

from mdat_data import InputError, Utterance
from mdat_data.readers.table import read_table

SEX = "sex"
OF_UTTERANCES = (SEX, "language", "group")
"""Facts that stand in features files."""

Facts = dict[str, dict[str, str]]
"""Name of a fact -> id of an utterance -> its value, empty where it is unknown."""


def facts_of(
    utterances: Sequence[Utterance], *, by: str | None = None, manifest: Path | None = None
) -> Facts:
    """Look up by what the scores of the test utterances are compared.

    Args:
        utterances: The test utterances.
        by: One of `OF_UTTERANCES`, or a column of the manifest.
        manifest: A table with the column `id`; its other columns may be chosen.

    Returns:
        The sexes, where one is known, and the chosen fact.

    Raises:
        InputError: There is no such column, or the table has none of the utterances.
    """
    facts = {SEX: _own(utterances, SEX)} if any(u.sex for u in utterances) else {}
    if manifest is not None:
        return facts | {by or SEX: _listed(utterances, by, manifest)}
    if by is None:
        return facts
    if by not in OF_UTTERANCES:
        raise InputError(
            f"--by must be {', '.join(OF_UTTERANCES)} or a column of a table; got {by!r} and no "
            "table. Name the table of the recordings, with their ids, with --manifest."
        )
    if not any(getattr(u, by) for u in utterances):
        raise InputError(
            f"--by {by} must be known of the test utterances, but the features file has none. Name "
            "a table that has it, with their ids, with --manifest."
        )
    return facts | {by: _own(utterances, by)}


def _own(utterances: Sequence[Utterance], name: str) -> dict[str, str]:
    return {utterance.id: str(getattr(utterance, name)) for utterance in utterances}


def _listed(utterances: Sequence[Utterance], by: str | None, manifest: Path) -> dict[str, str]:
    """The values of a table. Ids of several sources begin with the name of their corpus."""
    if by is None:
        raise InputError("--manifest is the table of --by: name one of its columns with --by.")
    delimiter = "\t" if manifest.suffix.lower() == ".tsv" else ","
    rows = read_table(manifest, ("id", by), delimiter=delimiter)
    values = {row.cells["id"]: row.cells[by] for row in rows}
    found = {u.id: values.get(u.id, values.get(u.id.partition("/")[2], "")) for u in utterances}
    if not any(found.values()):
        raise InputError(
            f"{manifest} must have a value of {by} for the ids of the test utterances, such as "
            f"{utterances[0].id}, but it has none. Use the manifest that the features were made of."
        )
    return found
