"""Splits of others: tables of ids with the part or the fold of each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from mdat_data import InputError
from mdat_data.errors import listed, meant
from mdat_data.readers.table import Row, read_table
from mdat_data.splits.split import Split

PARTS = {
    "train": "train",
    "training": "train",
    "support": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "development": "validation",
    "test": "test",
    "testing": "test",
    "query": "test",
}
"""Word for a part, in lower case -> the set of a `Split` that it is."""

SETS = ("train", "validation", "test")


def read_splits(path: Path) -> dict[str, Split]:
    """Read a table of the part or the fold of utterances.

    With `part` alone it is one split. With `fold` alone each fold is tested once, and the others
    are its training set. With both, each fold is a split of its own into parts.

    Args:
        path: A table in UTF-8 with the column id, and part, fold or both; separated by tabs where
            it ends in .tsv, otherwise by commas.

    Returns:
        Name of a split, such as `fold 1` -> the split. A single one is named `split`.

    Raises:
        InputError: The table cannot be read, names parts that do not exist, gives an utterance two
            places, or a split has no training or test set.
    """
    rows = read_table(path, ["id"], delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    columns = {"part", "fold"} & set(rows[0].cells if rows else ())
    if not columns:
        raise InputError(
            f"{path}: expected a line for each utterance with the column part (train, validation, "
            "test) or fold beside id, but got none. Add it."
        )
    _refuse(path, "a value in every column", _empty(rows, columns))
    _refuse(path, "each id once in a split", _repeated(rows, columns))
    _refuse(path, "the parts train, validation and test", _foreign_parts(rows))
    splits = {name: _split(part_of) for name, part_of in _parts(rows, columns).items()}
    _refuse(path, "a training and a test set in every split", _unusable(splits))
    return splits


def placed(
    splits: Mapping[str, Split], path: Path, ids: Collection[str], unusable: Collection[str]
) -> dict[str, Split]:
    """Leave utterances whose recordings cannot be used out of splits.

    Args:
        splits: Name -> split.
        path: The table that they are from.
        ids: The ids of the utterances that can be used.
        unusable: Those of the others.

    Returns:
        The splits of the utterances that can be used.

    Raises:
        InputError: A split has ids that no utterance has.
    """
    members = {id for split in splits.values() for part in SETS for id in getattr(split, part)}
    known = {*ids, *unusable}
    _refuse(path, f"ids of the corpus, such as {min(known)}", sorted(members - known))
    return {
        name: Split(**{p: tuple(i for i in getattr(split, p) if i in ids) for p in SETS})
        for name, split in splits.items()
    }


def _parts(rows: Sequence[Row], columns: Collection[str]) -> dict[str, dict[str, str]]:
    """Name of each split -> id -> its set."""
    parts: dict[str, dict[str, str]] = defaultdict(dict)
    if "part" in columns:
        for row in rows:
            parts[_name(row)][row.cells["id"]] = PARTS[row.cells["part"].lower()]
    else:
        for tested in dict.fromkeys(map(_name, rows)):
            parts[tested] = {
                row.cells["id"]: "test" if _name(row) == tested else "train" for row in rows
            }
    return parts


def _name(row: Row) -> str:
    return f"fold {row.cells['fold']}" if "fold" in row.cells else "split"


def _split(part_of: Mapping[str, str]) -> Split:
    members: dict[str, list[str]] = defaultdict(list)
    for id, part in part_of.items():
        members[part].append(id)
    return Split(
        train=tuple(members["train"]),
        validation=tuple(members["validation"]),
        test=tuple(members["test"]),
    )


def _empty(rows: Sequence[Row], columns: Collection[str]) -> list[str]:
    return [
        f"line {row.line}: {column} is empty"
        for row in rows
        for column in ("id", *sorted(columns))
        if not row.cells[column]
    ]


def _repeated(rows: Sequence[Row], columns: Collection[str]) -> list[str]:
    """The lines whose id was there before: with folds of parts, in the same fold."""
    first: dict[tuple[str, str], int] = {}
    faults = []
    for row in rows:
        id, split = row.cells["id"], _name(row) if len(columns) > 1 else ""
        if (line := first.setdefault((id, split), row.line)) != row.line:
            faults.append(f"line {row.line}: {id}, as in line {line}")
    return faults


def _foreign_parts(rows: Sequence[Row]) -> list[str]:
    words = ((row.line, row.cells["part"]) for row in rows if "part" in row.cells)
    return [
        f"line {line}: {word}{meant(word, PARTS)}"
        for line, word in words
        if word.lower() not in PARTS
    ]


def _unusable(splits: Mapping[str, Split]) -> list[str]:
    return [
        f"{name} has no {words} set"
        for name, split in splits.items()
        for part, words in (("train", "training"), ("test", "test"))
        if not getattr(split, part)
    ]


def _refuse(path: Path, expected: str, faults: Sequence[str]) -> None:
    if faults:
        lines = listed(faults, separator="\n  ")
        raise InputError(f"{path}: expected {expected}. Correct this:\n  {lines}")
