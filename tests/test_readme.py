"""README says nothing that is not there."""

import re
import shlex
from pathlib import Path

import click
import pytest

from mdat_data.corpora import names
from mdat_extract.cli.extract import main as mdat_extract
from mdat_train.cli.tables import main as mdat_tables
from mdat_train.cli.train import main as mdat_train

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = {"mdat-extract": mdat_extract, "mdat-train": mdat_train, "mdat-tables": mdat_tables}
OPTIONS = {option for c in COMMANDS.values() for p in c.params for option in p.opts}
CONSOLE = re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL)
LINES = [line.removeprefix("$ ") for block in CONSOLE for line in block.splitlines()]
CALLS = [line for line in LINES if line.split()[0] in COMMANDS]


@pytest.mark.parametrize("call", CALLS)
def test_every_call_is_understood(call):
    name, *arguments = shlex.split(call, comments=True)
    COMMANDS[name].make_context(name, arguments)


@pytest.mark.parametrize("option", sorted(set(re.findall(r"`(--[a-z-]+)", README))))
def test_every_option_exists(option):
    assert option in {*OPTIONS, "--help"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_readme_and_has_help(name):
    assert any(call.startswith(name) for call in CALLS)
    assert COMMANDS[name].help
    assert all(p.help for p in COMMANDS[name].params if isinstance(p, click.Option))


@pytest.mark.parametrize("corpus", names())
def test_every_corpus_is_in_readme(corpus):
    assert f"`{corpus}`" in README


@pytest.mark.parametrize("target", re.findall(r"\$ make ([a-z]+)", README))
def test_every_make_target_exists(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize("script", sorted(set(re.findall(r"benchmarks/\w+\.py", README))))
def test_every_script_exists(script):
    assert (ROOT / script).is_file()
