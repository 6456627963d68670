"""The words of recordings, as far as the user brings them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mdat_data import InputError
from mdat_data.errors import listed
from mdat_extract.inputs.transcripts import COLUMNS, read_rows
from mdat_predict.inputs.sources import Source


def with_transcripts(sources: Sequence[Source], path: Path) -> list[Source]:
    """Give recordings the transcripts of a table, which replace those of a manifest.

    Args:
        sources: The recordings.
        path: A table as for `mdat-extract --transcripts`. An id is that of an utterance, the path
            of a recording as it was given, or the name of its file, with or without its end.

    Returns:
        The same recordings. Those that the table lacks stay as they are, and its other ids, as of
        a whole corpus, are ignored.

    Raises:
        InputError: The table cannot be read, an id fits several recordings, or none fits any.
    """
    found = defaultdict(list)
    for source in sources:
        names = (source.name,) if source.utterance else _names(source)
        for name in dict.fromkeys(names):
            found[name].append(source)
    rows = {row["id"]: row["text"] for row in read_rows(path, COLUMNS) if row["id"] in found}
    texts = {source: text for id, text in rows.items() for source in found[id]}
    if len(texts) != len(rows) or any(len(found[id]) > 1 for id in rows):
        several = [id for id in rows if len(found[id]) > 1] or list(rows)
        raise InputError(
            f"{path}: expected ids that each fit one recording, and one for each, got "
            f"{listed(several)}. Where several files have the same name, write their paths."
        )
    if not texts:
        raise InputError(
            f"{path}: expected ids of the recordings, such as {sources[0].name}, got none. An id "
            "is that of an utterance of a manifest, the path of a recording, or the name of its "
            "file."
        )
    return [replace(s, transcript=texts.get(s, s.transcript)) for s in sources]


def _names(source: Source) -> tuple[str, ...]:
    return source.name, source.path.name, source.path.stem
