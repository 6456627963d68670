"""README names nothing that does not exist, and its examples are understood."""

import ast
import re
import shlex
from pathlib import Path

import click
import pytest

import mdat_data
import mdat_extract
import mdat_predict
import mdat_train
from mdat_audit.cli.audit import main as mdat_audit
from mdat_data.cli.corpora import main as mdat_corpora
from mdat_data.corpora import names
from mdat_extract.cli.extract import main as mdat_extract_command
from mdat_extract.cli.features import main as mdat_features
from mdat_predict.cli.predict import main as mdat_predict_command
from mdat_predict.cli.serve import main as mdat_serve
from mdat_predict.cli.share import main as mdat_share
from mdat_train.classifiers.models import MODELS
from mdat_train.cli.tables import main as mdat_tables
from mdat_train.cli.train import main as mdat_train_command

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = {
    "mdat-audit": mdat_audit,
    "mdat-extract": mdat_extract_command,
    "mdat-predict": mdat_predict_command,
    "mdat-serve": mdat_serve,
    "mdat-share": mdat_share,
    "mdat-train": mdat_train_command,
    "mdat-tables": mdat_tables,
    **{f"mdat-corpora {name}": command for name, command in mdat_corpora.commands.items()},
    **{f"mdat-features {name}": command for name, command in mdat_features.commands.items()},
}
OPTIONS = {option for c in COMMANDS.values() for p in c.params for option in p.opts}
CONSOLE = re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL)
LINES = [line.removeprefix("$ ") for block in CONSOLE for line in block.splitlines()]
CALLS = [line for line in LINES if line.startswith("mdat-")]
PYTHON = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
PACKAGES = {each.__name__: each for each in (mdat_data, mdat_extract, mdat_predict, mdat_train)}


def command_of(call: str) -> str:
    """The command of a call, with its subcommand."""
    [found] = [name for name in COMMANDS if call == name or call.startswith(f"{name} ")]
    return found


@pytest.mark.parametrize("call", CALLS)
def test_every_call_is_understood(call):
    name = command_of(call)
    arguments = shlex.split(call.removeprefix(name), comments=True)
    COMMANDS[name].make_context(name, arguments)


@pytest.mark.parametrize("option", sorted(set(re.findall(r"`(--[a-z-]+)", README))))
def test_every_option_exists(option):
    assert option in {*OPTIONS, "--help"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_readme_and_has_help(name):
    assert name in {command_of(call) for call in CALLS}
    assert COMMANDS[name].help
    assert all(p.help for p in COMMANDS[name].params if isinstance(p, click.Option))


@pytest.mark.parametrize("corpus", names())
def test_every_corpus_is_in_readme(corpus):
    assert f"`{corpus}`" in README


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_in_readme(model):
    assert f"`{model}`" in README


def test_the_python_example_names_what_the_packages_export():
    [example] = PYTHON
    named = {
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(example))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in PACKAGES
    }
    assert len(named) == 5
    assert all(hasattr(PACKAGES[package], name) for package, name in named)


@pytest.mark.parametrize("target", re.findall(r"\$ make ([a-z]+)", README))
def test_every_make_target_exists(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"(?:benchmarks|docs)/\w+\.\w+", README))))
def test_every_file_exists(path):
    assert (ROOT / path).is_file()
