"""Every benchmark can start: what it imports exists, and its commands are as README calls them."""

import ast
import importlib
import re
import shlex
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner
from sources import FOLDERS, imports, tree

FOLDER = Path(__file__).parents[2] / "benchmarks"
SCRIPTS = {path.stem: path for path in sorted(FOLDER.glob("*.py"))}
OURS = {*FOLDERS, *SCRIPTS}
COMMANDS = [name for name, path in SCRIPTS.items() if "__main__" in path.read_text("utf-8")]
TEXTS = [path.read_text("utf-8") for path in (FOLDER / "README.md", *SCRIPTS.values())]
CALLS = [
    call for text in TEXTS for call in re.findall(r"python benchmarks/(\w+)\.py([^`\n]*)", text)
]


@pytest.fixture(scope="module", autouse=True)
def _folder_on_the_path():
    """The scripts import each other by their file names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(FOLDER)
        yield
    for name in SCRIPTS:
        sys.modules.pop(name, None)


def imported(name: str) -> object:
    """Import a module or an object of a module; skip where a foreign package is missing."""
    parent, _, last = name.rpartition(".")
    try:
        found = importlib.import_module(parent or name)
        return getattr(found, last) if hasattr(found, last) else importlib.import_module(name)
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        if package in OURS:
            raise
        pytest.skip(f"needs {package}, which is not installed")


@pytest.mark.parametrize("script", SCRIPTS)
def test_everything_that_a_script_imports_exists(script):
    imported(script)
    names = [used.name for used in imports(SCRIPTS[script]) if used.package in OURS]
    found = {name.rpartition(".")[2]: imported(name) for name in names}
    used = [
        (node.value.id, node.attr)
        for node in ast.walk(tree(SCRIPTS[script]))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    ]
    for name, attribute in used:
        if isinstance(module := found.get(name), ModuleType):
            assert hasattr(module, attribute), f"{name} has no {attribute}"


@pytest.mark.parametrize("script", COMMANDS)
def test_every_command_has_help(script):
    command = imported(f"{script}.main")
    for words in [[], *([name] for name in getattr(command, "commands", ()))]:
        shown = CliRunner().invoke(command, [*words, "--help"])
        assert shown.exit_code == 0
        assert len(shown.output.splitlines()) > 4
    assert script in {called for called, _ in CALLS}


@pytest.mark.parametrize(("script", "arguments"), sorted(set(CALLS)))
def test_every_documented_call_is_understood(script, arguments):
    command, words = imported(f"{script}.main"), shlex.split(arguments)
    if isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options
