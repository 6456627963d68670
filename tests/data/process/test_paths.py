"""Paths that no file can have."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mdat_data import InputError
from mdat_data.process.paths import UsablePath, usable_path


@pytest.mark.parametrize("path", ["a.h5", Path("a.h5"), "x" * 255, "/", ".", "größe/ a.h5"])
def test_a_path_that_a_file_can_have(path):
    assert usable_path(path, "--out") == Path(path)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "--out must be the path of a file or folder, of 1 to 4000 bytes; got 0, ''"),
        ("a\0b", "--out must be the path of a file or folder"),
        ("a/" * 2001, "of 1 to 4000 bytes; got 4002, 'a/a/"),
        (
            f"runs/{'x' * 256}/a",
            "names of at most 255 bytes; got one of 256, xxxxxxxxxxxxxxxxxxxx…",
        ),
        ("ö" * 128, "names of at most 255 bytes; got one of 256"),
        ("C:\\runs\\a", "by / on this system; got the Windows path C:\\runs\\a. Write it with /"),
    ],
)
def test_a_path_that_no_file_can_have(path, message):
    with pytest.raises(InputError) as refused:
        usable_path(path, "--out")
    assert message in str(refused.value)


def test_a_name_with_a_backslash_that_exists_is_used(tmp_path):
    (tmp_path / "a\\b").touch()
    assert usable_path(tmp_path / "a\\b", "--out").exists()


def test_an_option_is_named_once():
    @click.command()
    @click.option("--out", type=UsablePath(dir_okay=False))
    def command(out):
        click.echo(repr(out))

    refused = CliRunner().invoke(command, ["--out="])
    assert refused.exit_code == 2
    assert "Invalid value for '--out': must be the path of a file or folder" in refused.output
    assert "is a directory" in CliRunner().invoke(command, ["--out=/"]).output
    assert CliRunner().invoke(command, ["--out=a"]).output == f"{Path('a')!r}\n"
