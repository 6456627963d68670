"""Tables of cells that people write: manifests and transcripts, separated by commas or tabs."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mdat_data.errors import InputError, listed
from mdat_data.utterance import normalized

FOREIGN = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
"""Mark at the start of a file -> its encoding, the longer marks first."""


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        line: Number of its line in the file, from 1.
        cells: Column -> cell, without white space at its ends, in Unicode's composed form (NFC).
    """

    line: int
    cells: dict[str, str]


def read_table(path: Path, required: Sequence[str], *, delimiter: str) -> list[Row]:
    """Read a table whose first line names the columns.

    Args:
        path: A file in UTF-8, with or without a byte order mark. Every line is a row; blank lines
            are ignored.
        required: Columns that must be there. Their order is free, and others may be there.
        delimiter: A comma, with cells in quotation marks where they hold one; or a tab, where
            quotation marks are ordinary characters.

    Returns:
        The rows, with all columns.

    Raises:
        InputError: The file cannot be read or has another encoding, a column is missing or named
            twice, or a row has too many cells, too few, or one with a line break.
    """
    lines = _lines(path, _text(path), delimiter)
    columns = [normalized(name) for name in next(lines, (1, []))[1]]
    _refuse_columns(path, columns, required, delimiter)
    rows, faults = [], []
    for line, cells in lines:
        if fault := _fault(cells, columns):
            faults.append(f"line {line}: {fault}")
        rows.append(Row(line, dict(zip(columns, map(normalized, cells), strict=False))))
    if faults:
        separator = "\n  "
        raise InputError(
            f"{path}: expected {len(columns)} values in each line, one for each column. Correct "
            f"these lines:{separator}{listed(faults, separator=separator)}"
        )
    return rows


def _text(path: Path) -> str:
    """The content of a file in UTF-8."""
    if path.is_char_device() or path.is_block_device():
        raise InputError(f"{path}: expected a table, but got a device, which has no end.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: expected a table, but it cannot be read: {error.strerror}. Check its path."
        ) from error
    for mark, encoding in FOREIGN.items():
        if content.startswith(mark):
            raise _other_encoding(path, f"it is in {encoding}")
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise _other_encoding(path, f"line {line} holds a NUL byte, as text in UTF-16 does")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = f"0x{error.object[error.start]:02X}"
        what = f"line {line} holds the byte {byte}, as text in Latin-1 or Windows-1252 does"
        raise _other_encoding(path, what) from error


def _other_encoding(path: Path, got: str) -> InputError:
    return InputError(
        f"{path}: expected a table in UTF-8, but {got}. Save it again in UTF-8; spreadsheets offer "
        '"CSV UTF-8", and iconv -f ENCODING -t UTF-8 converts a file.'
    )


def _lines(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The number of the first line of each row that is not blank, and its cells."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL,
        skipinitialspace=True,
        strict=True,
    )
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{path}: expected a table, but its line {line} cannot be read: {error}. A quotation "
            'mark inside of a cell in quotation marks is written twice ("").'
        ) from error


def _refuse_columns(
    path: Path, columns: Sequence[str], required: Sequence[str], delimiter: str
) -> None:
    separated = "tabs" if delimiter == "\t" else "commas"
    got = ", ".join(columns) or "empty"
    if missing := [column for column in required if column not in columns]:
        raise InputError(
            f"{path}: expected the columns {', '.join(required)}, separated by {separated}, but "
            f"the first line lacks {', '.join(missing)}; it is {got}. Name them there. A manifest "
            ".csv is separated by commas; a manifest .tsv, and transcripts, by tabs."
        )
    if repeated := [name for name, count in Counter(columns).items() if count > 1 and name]:
        raise InputError(
            f"{path}: expected each column once, but the first line names {listed(repeated)} "
            f"several times; it is {got}. Rename or remove the others."
        )


def _fault(cells: Sequence[str], columns: Sequence[str]) -> str:
    """What is wrong with the cells of a row; empty if nothing is."""
    if any("\n" in cell or "\r" in cell for cell in cells):
        return "a cell holds a line break, as after a quotation mark that is not closed"
    if len(cells) != len(columns):
        return f"too {'many' if len(cells) > len(columns) else 'few'} values: {len(cells)}"
    return ""
