"""The table to which recognised transcripts are written, one line as soon as each is there."""

import os
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from mdat_data import InputError
from mdat_extract.inputs.transcripts import read_table

SHOWN = 10
"""At most so many differences are listed one by one."""


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """What a recognised transcript depends on; every field is a column of the table.

    Attributes:
        seconds: So much of the recording was heard, from its start.
        language: Which the recogniser was told.
        model: The recogniser, as id@revision.
        audio_sha256: Of the audio file, in hexadecimal.
    """

    seconds: str
    language: str
    model: str
    audio_sha256: str


COLUMNS = ("id", "text", *(field.name for field in fields(Hearing)))
"""The last one has a fixed length, so that a line that was cut short is told from a whole one."""


class TranscriptLog:
    """Transcripts by id, on the disk; what an earlier run wrote is there again.

    The texts may be corrected in the table, by hand: they are read as they stand.

    Args:
        path: The table, in UTF-8, separated by tabs.
        hearings: Id -> what a transcript that is to be used depends on. Lines about other
            utterances of the corpus are left alone.
        known: All ids of the corpus.

    Attributes:
        texts: Id -> transcript, of the ids in `hearings`.

    Raises:
        InputError: What is there is no such table, or was recognised otherwise; it says where.
    """

    def __init__(
        self, path: Path, hearings: Mapping[str, Hearing], *, known: Collection[str]
    ) -> None:
        self.path = path
        self._hearings = hearings
        self.texts: dict[str, str] = {}
        _mend(path)
        if path.exists():
            rows = read_table(path, COLUMNS)
            self._refuse_differences(rows, set(known))
            self.texts = {row["id"]: row["text"] for row in rows if row["id"] in hearings}

    def append(self, id: str, text: str) -> None:
        """Write a transcript to the disk.

        Args:
            id: Of the utterance.
            text: Its words, on one line and without tabs.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = not self.path.exists()
        line = "\t".join([id, text, *asdict(self._hearings[id]).values()])
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write("\t".join(COLUMNS) + "\n" if new else "")
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.texts[id] = text

    def _refuse_differences(self, rows: list[dict[str, str]], known: set[str]) -> None:
        differences = [
            line for row in rows for line in _differences(row, self._hearings.get(row["id"]), known)
        ]
        if differences:
            more = [f"and {len(differences) - SHOWN} more"] if len(differences) > SHOWN else []
            raise InputError(
                f"{self.path} holds transcripts that were recognised otherwise:\n  "
                + "\n  ".join([*differences[:SHOWN], *more])
                + "\nRemove it or choose another --out; or give it to --transcripts, to use its "
                "texts as they are."
            )


def _differences(row: Mapping[str, str], here: Hearing | None, known: set[str]) -> list[str]:
    id = row["id"]
    if id not in known:
        return [f"{id}: not in the corpus"]
    wanted = asdict(here) if here else {}
    return [
        f"{id}: {name} {row[name]} there, {value} here"
        for name, value in wanted.items()
        if row[name] != value
    ]


def _mend(path: Path) -> None:
    """Take away a last line that was cut short, and end one that an editor left open."""
    content = path.read_bytes() if path.exists() else b""
    lines, _, last = content.rpartition(b"\n")
    if last.count(b"\t") == len(COLUMNS) - 1 and len(last.rpartition(b"\t")[2]) == 64:
        path.write_bytes(content + b"\n")
    elif lines and last:
        os.truncate(path, len(lines) + 1)
    elif "\t".join(COLUMNS).encode().startswith(content):
        path.unlink(missing_ok=True)
