"""What the columns of an audformat database say about each file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mdat_data.errors import InputError

TRANSCRIPT = ("transcription", "transcript", "text")


@dataclass(frozen=True)
class _Column:
    """A column of a table, with what the database says about it."""

    name: str
    words: frozenset[str]
    segmented: bool
    texts: Mapping[Any, str]
    series: Any

    def values(self) -> Iterator[tuple[str, str]]:
        for file, value in self.series.dropna().items():
            yield file, str(self.texts.get(value, value))


class AudformatColumns:
    """The columns of a database, by what they are about.

    Args:
        database: An `audformat.Database`, loaded.
        folder: Where it lies.
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
            InputError: There is no such column, or there are several that differ.
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
            InputError: There is no such column, or there are several that differ.
        """
        if found := self.read("speaker"):
            return found
        raise self._absent("speaker")

    def read(self, *words: str, remedy: str = "Make them agree.") -> dict[str, str]:
        """Read the columns that have a name, or a scheme of that name.

        Args:
            words: Possible names; the first that any column has counts.
            remedy: What to do where columns differ.

        Returns:
            File -> value, of all these columns; empty where there is none.

        Raises:
            InputError: The columns differ, or tell about segments only.
        """
        for word in words:
            if columns := [column for column in self._columns if word in column.words]:
                return self._join(columns, remedy)
        return {}

    def _absent(self, word: str) -> InputError:
        names = ", ".join(column.name for column in self._columns if not column.segmented)
        return InputError(
            f"{self._folder}: expected a value in a column {word} of a table of files, but there "
            f"is none. The columns are: {names or 'none'}. --emotion-column TABLE.COLUMN names "
            "that of the emotions."
        )

    def _join(self, columns: Sequence[_Column], remedy: str) -> dict[str, str]:
        of_files = [column for column in columns if not column.segmented]
        if columns and not of_files:
            raise InputError(
                f"{self._folder}: expected labels of files, but {columns[0].name} labels segments "
                "of them (file, start, end). Cut the segments into files with "
                "audformat.utils.to_filewise_index, and save that as a database."
            )
        joined: dict[str, str] = {}
        for column in of_files:
            for file, value in column.values():
                if joined.setdefault(file, value) != value:
                    names = ", ".join(each.name for each in of_files)
                    raise InputError(
                        f"{self._folder}: expected one value a file, but the columns {names} "
                        f"differ, first in {file}: {joined[file]!r} and {value!r}. {remedy}"
                    )
        return joined

    def _texts(self, column: str, scheme: str | None) -> Mapping[Any, str]:
        """What the codes of a column of transcripts stand for, as in an acted corpus."""
        if scheme is None or {column, scheme}.isdisjoint(TRANSCRIPT):
            return {}
        labels = self._database.schemes[scheme].labels
        texts = labels if isinstance(labels, dict) else {}
        return {code: text for code, text in texts.items() if isinstance(text, str)}
