"""The table of recognised transcripts, to which each is written as soon as it is found."""

import os
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from mdat_data import InputError
from mdat_data.errors import listed
from mdat_data.utterance import normalized
from mdat_extract.inputs.transcripts import read_rows


@dataclass(frozen=True, kw_only=True)
class TranscriptOrigin:
    """What a recognised transcript depends on. Each field is a column of the table.

    Attributes:
        seconds: Length of the part of the recording that was recognised, from its start.
        language: The language of the utterance.
        model: The recogniser, as id@revision.
        audio_sha256: Checksum of the audio file, in hexadecimal.
    """

    seconds: str
    language: str
    model: str
    audio_sha256: str


COLUMNS = ("id", "text", *(field.name for field in fields(TranscriptOrigin)))
"""The last column has a fixed length, so that a line that was cut short can be recognised."""


class TranscriptTable:
    """Recognised transcripts by id, kept on the disk.

    Texts may be corrected in the table by hand: they are used as they are.

    Args:
        path: The table, in UTF-8, separated by tabs.
        origins: Id -> origin of the transcripts that will be used.
        texts: Id -> transcript that is in the table already.

    Attributes:
        texts: Id -> transcript, of the ids in `origins`.
    """

    def __init__(
        self, path: Path, origins: Mapping[str, TranscriptOrigin], texts: Mapping[str, str]
    ) -> None:
        self.path = path
        self.texts = dict(texts)
        self._origins = origins

    @classmethod
    def open(
        cls, path: Path, origins: Mapping[str, TranscriptOrigin], *, known: Collection[str]
    ) -> Self:
        """Open a table with the transcripts that an earlier run wrote, if there is one.

        Args:
            path: The table.
            origins: Id -> origin of the transcripts that will be used. Lines about other
                utterances of the corpus are ignored.
            known: All ids of the corpus.

        Returns:
            The table.

        Raises:
            InputError: The file is another table, or its transcripts have another origin. The
                differences are listed.
        """
        _repair(path)
        rows = read_rows(path, COLUMNS) if path.exists() else []
        _refuse_differences(path, rows, origins, set(known))
        return cls(path, origins, {row["id"]: row["text"] for row in rows if row["id"] in origins})

    def append(self, id: str, text: str) -> None:
        """Write a transcript to the disk.

        Args:
            id: Id of the utterance.
            text: Its words, on one line and without tabs.
        """
        text = normalized(text)  # as it will be read: a continued run has the same features
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = not self.path.exists()
        line = "\t".join([id, text, *asdict(self._origins[id]).values()])
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write("\t".join(COLUMNS) + "\n" if new else "")
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.texts[id] = text


def _refuse_differences(
    path: Path,
    rows: list[dict[str, str]],
    origins: Mapping[str, TranscriptOrigin],
    known: set[str],
) -> None:
    differences = [
        line for row in rows for line in _differences(row, origins.get(row["id"]), known)
    ]
    if differences:
        raise InputError(
            f"{path} holds transcripts that were recognised with other settings:\n  "
            + listed(differences, separator="\n  ")
            + "\nRemove it or choose another --out; or pass it to --transcripts, to use its texts "
            "as they are."
        )


def _differences(
    row: Mapping[str, str], here: TranscriptOrigin | None, known: set[str]
) -> list[str]:
    id = row["id"]
    if id not in known:
        return [f"{id}: not in the corpus"]
    expected = asdict(here) if here else {}
    return [
        f"{id}: {name} {row[name]} there, {value} here"
        for name, value in expected.items()
        if row[name] != value
    ]


def _repair(path: Path) -> None:
    """Remove a last line that was cut short, and end one that an editor left without its end.

    A file of another kind is left as it is.
    """
    content = path.read_bytes() if path.exists() else b""
    lines, _, last = content.rpartition(b"\n")
    header = "\t".join(COLUMNS).encode()
    if last.count(b"\t") == len(COLUMNS) - 1 and len(last.rpartition(b"\t")[2]) == 64:
        with path.open("ab") as file:  # nothing is lost if this fails
            file.write(b"\n")
    elif last and header in lines.partition(b"\n")[0]:
        os.truncate(path, len(lines) + 1)
    elif header.startswith(content):
        path.unlink(missing_ok=True)
