"""The header of an audformat database, read without running what a stranger wrote into it.

audformat itself reads the header with PyYAML's unsafe loader, which runs any code that a tag
`!!python/…` names, and it prefers a table that is a pickle, which runs code too. Therefore the
header is parsed here, and only tables in CSV or Parquet are loaded.
"""

from pathlib import Path
from typing import Any

from mdat_data.errors import InputError, listed

HEADER = "db.yaml"
PYTHON = "tag:yaml.org,2002:python/"
"""What the tags begin with that make PyYAML run code; `!!python/` is its short form."""


def load_database(folder: Path) -> Any:
    """Load a database with all of its tables.

    Args:
        folder: The folder with the header and the tables.

    Returns:
        The `audformat.Database`.

    Raises:
        InputError: The header is no plain YAML, a table has a name that leads out of the folder or
            is a pickle, or the database cannot be read.
    """
    import audformat

    folder = folder.resolve()  # audformat resolves it in a way of its own
    try:
        database = audformat.Database.load_header_from_yaml(_header(folder))
        # audformat asks for tables without rows first: their values may be labels of the others.
        tables = {**database.misc_tables, **database.tables}
        _refuse_unsafe(folder, tables)
        for name, table in tables.items():
            table.load(str(folder / f"db.{name}"))
    except InputError:
        raise
    except Exception as error:  # a damaged database raises errors of many types
        raise InputError(
            f"{folder}: expected an audformat database, but it cannot be read "
            f"({type(error).__name__}: {error}). Restore it, or save it again with audformat."
        ) from error
    return database


def _header(folder: Path) -> Any:
    import yaml

    # The loader in C is many times as fast; not every wheel has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load((folder / HEADER).read_bytes(), Loader=loader)
    except yaml.constructor.ConstructorError as error:
        if PYTHON not in str(error):
            raise
        raise InputError(
            f"{folder / HEADER}: expected words, numbers, lists and mappings, but a tag !!python/ "
            f"would run code ({error.problem}). Do not use this database, or ask its authors for a "
            "header without such tags."
        ) from error


def _refuse_unsafe(folder: Path, names: Any) -> None:
    outside = [repr(name) for name in names if not _is_plain(name)]
    if outside:
        raise InputError(
            f"{folder / HEADER}: expected names of tables that are parts of file names, but "
            f"{listed(outside)} would lead out of the folder. Do not use this database, or rename "
            "its tables with audformat."
        )
    files = (f"db.{name}.pkl" for name in names)
    if pickled := sorted(file for file in files if (folder / file).exists()):
        raise InputError(
            f"{folder}: expected tables in parquet or csv, but {pickled[0]} is a pickle file, "
            'which can run code. Save the database again with storage_format="parquet".'
        )


def _is_plain(name: Any) -> bool:
    return (
        isinstance(name, str)
        and name.isprintable()
        and ".." not in name
        and not set(name) & {"/", "\\", ":"}
    )
