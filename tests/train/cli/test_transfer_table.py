"""The command mdat-tables with the table of transfer."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from toy_grids import write_corpora

from mdat_train.cli.tables import main

QUICK = ["--only", "transfer", "--models", "linear", "--shots", "5", "--seeds", "1"]
FILES = {
    *("report.html", "sources.png", "tables.json", "tables.md"),
    *(
        f"table_{name}_strict.{ending}"
        for name in ("sources", "transfer")
        for ending in ("csv", "tex")
    ),
    *("transfer_our own.png", "transfer_urdu.png"),
}


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("transfer") / "caches"
    write_corpora(folder, "emodb", "urdu")
    (folder / "emodb.h5").rename(folder / "our own.h5")
    return folder


@pytest.fixture(scope="module")
def first(caches: Path) -> Result:
    return called(caches)


def called(caches: Path, *more: str) -> Result:
    where = [f"--caches={caches}", f"--out={caches.parent / 'report'}"]
    return CliRunner().invoke(main, [*where, *QUICK, "--shot-draws", "1", *more])


def test_every_file_takes_part_and_everything_is_written(first, caches):
    assert first.exit_code == 0, first.output
    assert "our own, urdu: 6 runs, 0 of them finished" in first.output
    report = caches.parent / "report"
    assert {path.name for path in report.iterdir() if path.is_file()} == FILES
    tables = json.loads((report / "tables.json").read_text())["tables"]
    assert [table["number"] for table in tables] == ["transfer", "sources"]
    assert {row["target"] for row in tables[0]["rows"]} == {"OUR OWN", "URDU"}
    assert all(
        "adapted_against_this" in cell
        for row in tables[0]["rows"]
        for cell in row["cells"].values()
    )


def test_the_same_command_runs_nothing_again(first, caches):
    again = called(caches)
    assert again.exit_code == 0
    assert "6 runs, 6 of them finished" in again.output


def test_a_target_that_is_too_small_is_told_and_the_others_are_in_the_table(first, caches):
    failed = called(caches, "--shots", "5,40")
    assert failed.exit_code == 2
    assert "some cells are blank" in failed.output
    assert (
        "linear, joint, ALL OTHERS→URDU, protocol strict: --shots needs a pool of 40"
        in failed.output
    )


def test_a_folder_with_one_file_has_no_transfer(caches, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "urdu.h5").write_bytes((caches / "urdu.h5").read_bytes())
    failed = called(caches, f"--caches={tmp_path / 'one'}", f"--out={tmp_path / 'report'}")
    assert failed.exit_code == 2
    assert "must have at least two features files" in failed.output
