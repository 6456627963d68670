"""The columns of an audformat database: emotion, speaker, transcript and others of each file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mdat_data.errors import InputError
from mdat_data.utterance import normalized, sex_of

TRANSCRIPT = ("transcription", "transcript", "text")
SEX = ("sex", "gender")


@dataclass(frozen=True)
class _Column:
    """A column of a table, with its names and codes."""

    name: str
    words: frozenset[str]
    segmented: bool
    texts: Mapping[Any, str]
    series: Any

    def values(self) -> Iterator[tuple[str, str]]:
        for file, value in self.series.dropna().items():
            if text := normalized(str(self.texts.get(value, value))):
                yield file, text


class AudformatColumns:
    """The columns of a database, found by their names or schemes.

    Args:
        database: A loaded `audformat.Database`.
        folder: Its folder, for messages.
    """

    def __init__(self, database: Any, folder: Path) -> None:
        self._database = database
        self._folder = folder

    @cached_property
    def _columns(self) -> tuple[_Column, ...]:
        return tuple(
            _Column(
                name=f"{table_id}.{column_id}",
                words=frozenset({column_id, column.scheme_id}),
                segmented=table.is_segmented,
                texts=self._texts(column_id, column.scheme_id),
                series=table.df[column_id],
            )
            for table_id, table in self._database.tables.items()
            for column_id, column in table.columns.items()
        )

    def emotions(self, chosen: str | None) -> dict[str, str]:
        """Read the emotions.

        Args:
            chosen: Their column, as `<table>.<column>`; None finds it by name.

        Returns:
            File -> emotion, never empty.

        Raises:
            InputError: There is no such column, or several columns differ.
        """
        if chosen is None:
            found = self.read("emotion", remedy="Choose one with --emotion-column TABLE.COLUMN.")
        else:
            found = self._join([c for c in self._columns if c.name == chosen], "")
        if not found:
            raise self._absent(chosen or "emotion")
        return found

    def speakers(self) -> dict[str, str]:
        """Read the speakers.

        Returns:
            File -> speaker, never empty.

        Raises:
            InputError: There is no such column, or several columns differ.
        """
        if found := self.read("speaker"):
            return found
        raise self._absent("speaker")

    def sexes(self, speakers: Mapping[str, str]) -> dict[str, str]:
        """Read the sexes: those of the files, or what the database knows of their speakers.

        Args:
            speakers: File -> speaker.

        Returns:
            File -> sex, where it is known.
        """
        known = self._of_speakers()
        found = self.read(*SEX) or {f: known[of] for f, of in speakers.items() if of in known}
        return {file: sex_of(sex) for file, sex in found.items()}

    def _of_speakers(self) -> dict[str, str]:
        """Speaker -> sex, from the labels of the scheme of the speakers."""
        schemes = self._database.schemes
        labels = schemes["speaker"].labels if "speaker" in schemes else None
        if isinstance(labels, str):  # the name of a table of the speakers
            labels = self._database[labels].df.to_dict("index")
        facts = labels if isinstance(labels, dict) else {}
        return {
            normalized(str(speaker)): str(of[word])
            for speaker, of in facts.items()
            for word in SEX
            if isinstance(of, dict) and isinstance(of.get(word), str)
        }

    def read(self, *words: str, remedy: str = "Make them agree.") -> dict[str, str]:
        """Read all columns with a name, or with a scheme of that name.

        Args:
            words: Possible names. The first one that a column has is used.
            remedy: The way out in the message when columns differ.

        Returns:
            File -> value, joined over these columns; empty if there is no such column.

        Raises:
            InputError: The columns differ, or label segments only.
        """
        for word in words:
            if columns := [column for column in self._columns if word in column.words]:
                return self._join(columns, remedy)
        return {}

    def _absent(self, word: str) -> InputError:
        names = ", ".join(column.name for column in self._columns if not column.segmented)
        return InputError(
            f"{self._folder}: expected a value in a column {word} of a table of files, but there "
            f"is none. The columns are: {names or 'none'}. Choose the column of the emotions with "
            "--emotion-column TABLE.COLUMN."
        )

    def _join(self, columns: Sequence[_Column], remedy: str) -> dict[str, str]:
        of_files = [column for column in columns if not column.segmented]
        if columns and not of_files:
            raise InputError(
                f"{self._folder}: expected labels of files, but {columns[0].name} labels segments "
                "of files (file, start, end). Cut the segments into files with "
                "audformat.utils.to_filewise_index and save them as a database."
            )
        joined: dict[str, str] = {}
        for column in of_files:
            for file, value in column.values():
                if joined.setdefault(file, value) != value:
                    names = ", ".join(each.name for each in of_files)
                    raise InputError(
                        f"{self._folder}: expected one value for each file, but the columns "
                        f"{names} differ, first in {file}: {joined[file]!r} and {value!r}. {remedy}"
                    )
        return joined

    def _texts(self, column: str, scheme: str | None) -> Mapping[Any, str]:
        """Code -> text of a column of transcripts, for corpora whose sentences have codes."""
        if scheme is None or {column, scheme}.isdisjoint(TRANSCRIPT):
            return {}
        labels = self._database.schemes[scheme].labels
        texts = labels if isinstance(labels, dict) else {}
        return {code: text for code, text in texts.items() if isinstance(text, str)}
