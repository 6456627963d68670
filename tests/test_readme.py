"""README and the pages name nothing that does not exist, and their examples are understood."""

import ast
import dataclasses
import importlib
import re
import shlex

import click
import pytest
from documents import COMMANDS, PAGES, ROOT, SETUP, blocks, calls, command_of, scripts

from mdat_data.corpora import names
from mdat_keras import MDATConfig
from mdat_train.adaptation import METHODS
from mdat_train.classifiers.models import MODELS

PACKAGES = SETUP["options"]["package_dir"].split()[::3]
OPTIONS = {option for c in COMMANDS.values() for p in c.params for option in p.opts}
CALLS = sorted(
    {c for text in PAGES.values() for c in (*calls(text), *scripts(text)) if c.startswith("mdat-")}
)
FORMATS = {"mdat-model"}
"""What looks like a command, and is the name of a format."""

every_page = pytest.mark.parametrize("page", PAGES)


@pytest.mark.parametrize("call", CALLS)
def test_every_call_is_understood(call):
    if call.endswith(" --version"):
        call = call.removesuffix(" --version")
        assert call in COMMANDS
        return
    name = command_of(call)
    arguments = shlex.split(call.removeprefix(name), comments=True)
    COMMANDS[name].make_context(name, arguments)


@every_page
def test_every_option_exists(page):
    named = set(re.findall(r"`(--[a-z-]+)", PAGES[page]))
    assert named <= {*OPTIONS, "--help", "--version"}


@every_page
def test_every_command_exists(page):
    groups = {name.partition(" ")[0] for name in COMMANDS if " " in name}
    for name, sub in re.findall(r"`(mdat-[a-z]+)(?: ([a-z]+)(?=[ `]))?", PAGES[page]):
        if name not in FORMATS:
            assert (f"{name} {sub}" if sub and name in groups else name) in {*COMMANDS, *groups}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_shown_and_has_help(name):
    assert name in {command_of(call) for call in CALLS if not call.endswith("--version")}
    assert COMMANDS[name].help
    assert all(p.help for p in COMMANDS[name].params if isinstance(p, click.Option))


@pytest.mark.parametrize("name", sorted({name.partition(" ")[0] for name in COMMANDS}))
def test_every_command_is_in_readme(name):
    assert name in PAGES["README.md"]


@pytest.mark.parametrize("corpus", names())
def test_every_corpus_has_a_row(corpus):
    assert f"`{corpus}`" in PAGES["docs/reference/corpora.md"]


@pytest.mark.parametrize("name", [*MODELS, *METHODS])
def test_every_model_and_method_has_a_row(name):
    assert f"`{name}`" in PAGES["docs/how-to/train.md"]


@pytest.mark.parametrize("extra", SETUP["options.extras_require"])
def test_every_extra_has_a_row(extra):
    assert f"`{extra}`" in PAGES["docs/how-to/install.md"]


@every_page
def test_python_examples_name_what_the_packages_export(page):
    for example in blocks(PAGES[page], "python"):
        for node in ast.walk(ast.parse(example)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                package = node.value.id
                assert package not in PACKAGES or hasattr(
                    importlib.import_module(package), node.attr
                )


def test_every_reading_of_mdat_is_a_field():
    named = re.findall(r"\((`[a-z_`, ]+`)\)", PAGES["docs/explanation/mdat.md"])
    fields = [field for group in named for field in re.findall("`([a-z_]+)`", group)]
    assert len(fields) > 5
    assert {*fields} <= {field.name for field in dataclasses.fields(MDATConfig)}


@every_page
def test_every_make_target_exists(page):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:\$ |`)make ([a-z]+)", PAGES[page]):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


@every_page
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", PAGES[page])
    folder = (ROOT / page).parent
    # On the site the page of this folder has another place; a test builds the site.
    assert [link for link in links if not (folder / link).resolve().exists()] == []


@every_page
def test_every_file_that_is_named_exists(page):
    named = re.findall(r"`((?:benchmarks|docs|tests)/[\w/]+\.\w+)`", PAGES[page])
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_readme_is_short():
    assert len(PAGES["README.md"].splitlines()) <= 150
