"""Cells of a measurement, each kept in a file as soon as it is measured: a command continues."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

features_option = click.option(
    "--features",
    "folders",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="Folder of one encoder's features files; may be repeated.",
)
preset_option = click.option(
    "--preset", default="base", show_default=True, help="Of MDAT, as of mdat-train."
)
results_option = click.option(
    "--results", type=click.Path(dir_okay=False, path_type=Path), required=True
)


def keep(results: Path, cell: Mapping[str, Any], result: Mapping[str, Any]) -> None:
    """Add the result of a cell to the file."""
    with results.open("a") as file:
        file.write(json.dumps({"cell": cell, "result": result}) + "\n")


def read(results: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The cells in the file, with their results."""
    for line in results.read_text().splitlines() if results.exists() else ():
        kept = json.loads(line)
        yield kept["cell"], kept["result"]
