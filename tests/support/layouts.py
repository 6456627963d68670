"""Layouts of corpora: the path, label and duration of every file, without the recordings.

Those of whole corpora are not in the repository; `MDAT_TEST_LAYOUTS` names their folder. The first
ten rows of each are, beside the tests of the corpora.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

TOYS = Path(__file__).parents[1] / "data/corpora/layouts"
WHOLE = Path(
    os.environ.get("MDAT_TEST_LAYOUTS", Path(__file__).parents[3] / "shared/corpora/layouts")
)


class File(NamedTuple):
    """A row of a layout."""

    path: str
    label: str
    seconds: float


def read_layout(table: Path) -> list[File]:
    """The files of a layout; the test is skipped where the layout is not at hand."""
    if not table.is_file():
        pytest.skip(f"{table} is missing; MDAT_TEST_LAYOUTS names the folder of the layouts")
    _, *lines = table.read_text(encoding="utf-8").splitlines()
    return [File(p, label, float(s)) for p, label, s in (line.split("\t") for line in lines)]


def make_files(root: Path, files: Sequence[File]) -> None:
    """Make the empty files of a layout."""
    for folder in {(root / file.path).parent for file in files}:
        folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        (root / file.path).touch()
