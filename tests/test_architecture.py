"""Who may import whom, held by walking the imports."""

import ast
import sys

import pytest
from sources import FOLDERS, imports, loaded_at_once, modules, tree

MODULES = modules()
CLIS = [name for name in MODULES if name.endswith("cli")]
OF_OURS = {
    "mdat_data": set(),
    "mdat_extract": {"mdat_data"},
    "mdat_keras": set(),
    "mdat_train": {"mdat_data", "mdat_keras"},
}
"""Package -> the other packages that it may import."""

TRAINING = {"keras", "tensorflow", "jax", "matplotlib"}
EXTRACTING = {"torch", "transformers", "librosa"}
FOREIGN = {
    "mdat_data": TRAINING | EXTRACTING,
    "mdat_extract": TRAINING,
    "mdat_keras": {"h5py", "sklearn", "click", "matplotlib", "tensorflow", "jax"} | EXTRACTING,
    "mdat_train": EXTRACTING,
}
"""Package -> what it must never import."""

HEAVY = TRAINING | EXTRACTING | {"sklearn", "scipy", "h5py", "numpy", "soundfile", "soxr"}


def package(module: str) -> str:
    return module.partition(".")[0]


def test_all_four_packages_are_looked_at():
    assert {package(name) for name in MODULES} == set(FOLDERS)
    assert sorted(CLIS) == [
        "mdat_extract.cli.extract",
        "mdat_train.cli.train",
        "mdat_train.cli.tables",
    ]


@pytest.mark.parametrize("module", MODULES)
def test_packages_import_only_those_they_may(module):
    ours = {i.package for i in imports(MODULES[module])} & set(FOLDERS)
    assert ours <= OF_OURS[package(module)] | {package(module)}


@pytest.mark.parametrize("module", MODULES)
def test_packages_keep_to_their_trade(module):
    assert not {i.package for i in imports(MODULES[module])} & FOREIGN[package(module)]


@pytest.mark.parametrize("module", MODULES)
def test_nobody_imports_a_cli(module):
    words = {word for i in imports(MODULES[module]) for word in i.name.split(".")}
    assert not [word for word in words if word.endswith("cli")]


@pytest.mark.parametrize("module", MODULES)
def test_imports_name_the_installed_package(module):
    packages = {i.package for i in imports(MODULES[module])}
    assert not packages & {"", "data", "extract", "train"}


@pytest.mark.parametrize("cli", CLIS)
def test_a_cli_loads_nothing_heavy_at_once(cli):
    assert not {package(name) for name in loaded_at_once(cli)} & HEAVY


def test_what_a_package_loads_at_the_first_use_is_followed():
    assert "h5py" in loaded_at_once("mdat_data.open_features")
    assert "h5py" not in loaded_at_once("mdat_data.InputError")


@pytest.mark.parametrize("module", [name for name in MODULES if package(name) == "mdat_keras"])
def test_layers_know_keras_alone(module):
    others = {i.package for i in imports(MODULES[module])} - set(sys.stdlib_module_names)
    assert others <= {"keras", "mdat_keras", "numpy"}


def test_only_the_cache_touches_hdf5():
    touching = [
        name for name, path in MODULES.items() if "h5py" in {i.package for i in imports(path)}
    ]
    assert sorted(touching) == [
        f"mdat_data.cache.{name}" for name in ("assembly", "check", "header", "reader")
    ]


@pytest.mark.parametrize("module", [name for name in MODULES if package(name) != "mdat_keras"])
def test_only_mdat_keras_knows_layers(module):
    named = {
        ast.unparse(n) for n in ast.walk(tree(MODULES[module])) if isinstance(n, ast.Attribute)
    }
    assert not [name for name in named if name.startswith(("keras.layers", "keras.Layer"))]


@pytest.mark.parametrize("module", MODULES)
def test_errors_are_raised_and_words_are_returned(module):
    nodes = list(ast.walk(tree(MODULES[module])))
    calls = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    assert not [node.lineno for node in nodes if isinstance(node, ast.Assert)]
    assert "print" not in calls
    assert "click.echo" not in calls or module in CLIS
