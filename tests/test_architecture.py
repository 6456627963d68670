"""Who may import whom, held by walking the imports."""

import ast
import sys
from graphlib import TopologicalSorter

import pytest
from sources import FOLDERS, imports, loaded_at_once, modules, tree

MODULES = modules()
CLIS = [name for name in MODULES if ".cli." in name]
HELPERS = ("options", "output", "progress", "run", "values")
"""Modules of a cli that are no command."""

COMMANDS = [name for name in CLIS if name.rpartition(".")[2] not in HELPERS]
OF_OURS = {
    "mdat_audit": {"mdat_data", "mdat_extract"},
    "mdat_data": set(),
    "mdat_extract": {"mdat_data"},
    "mdat_keras": set(),
    "mdat_predict": {"mdat_data", "mdat_extract"},
    "mdat_train": {"mdat_data", "mdat_keras"},
}
"""Package -> the other packages that it may import."""

TRAINING = {"keras", "tensorflow", "jax", "matplotlib"}
EXTRACTING = {"torch", "transformers", "librosa"}
FOREIGN = {
    "mdat_audit": {"keras", "tensorflow", "jax"} | EXTRACTING,
    "mdat_data": TRAINING | EXTRACTING,
    "mdat_extract": TRAINING,
    "mdat_keras": {"h5py", "sklearn", "click", "matplotlib", "tensorflow", "jax"} | EXTRACTING,
    "mdat_predict": {"keras", "tensorflow", "jax", "torch", "transformers"},
    "mdat_train": EXTRACTING,
}
"""Package -> what it must never import."""

HEAVY = TRAINING | EXTRACTING | {"sklearn", "scipy", "h5py", "numpy", "soundfile", "soxr", "pandas"}

FLOORS = {
    "mdat_audit": (
        ("cli",),
        ("",),
        ("examine",),
        ("report",),
        ("result",),
        ("leaks", "clues", "overview"),
        ("inputs",),
        ("config",),
    ),
    "mdat_data": (
        ("cli",),
        ("catalogue",),
        ("", "corpora"),
        ("readers",),
        ("cache", "metrics", "batches", "splits", "steps"),
        ("process",),
        ("corpus",),
        ("encoded_utterance", "data_frame", "doubts", "markdown", "spreadsheet"),
        ("utterance", "errors"),
        ("printable",),
    ),
    "mdat_extract": (
        ("cli",),
        ("",),
        ("encode", "verify", "report"),
        ("provenance",),
        ("asr",),
        ("encoders",),
        ("progress",),
        ("inputs",),
        ("config",),
    ),
    "mdat_keras": (
        ("",),
        ("models",),
        ("layers", "supervised_contrastive"),
        ("checks", "mask_bias"),
    ),
    "mdat_predict": (
        ("cli",),
        ("",),
        ("page",),
        ("explain",),
        ("scoring", "notes"),
        ("model",),
        ("stages", "hub"),
        ("saved", "segments"),
        ("speech", "inputs"),
        ("formats",),
        ("config", "prediction"),
    ),
    "mdat_train": (
        ("cli",),
        ("",),
        ("tables.formats",),
        ("tables.cells",),
        ("tables.plan",),
        ("tables", "experiments"),
        ("export",),
        ("evaluation",),
        ("runs",),
        ("adaptation.*",),
        ("classifiers",),
        ("splits", "inputs"),
        ("make_config", "config", "config_checks"),
        ("adaptation", "classifiers.models"),
    ),
}
"""Package -> its rooms from the top floor to the bottom: a room imports only what is on its own
floor or below. A room within a room, such as a list that everyone reads, may have its own floor;
`room.*` is all that is inside a room, without its `__init__.py`."""

MOST_FILES = 12
"""Files of one folder, without `__init__.py`."""


def floor(module: str) -> int:
    """The floor of a module, by the longest room that it is in; 0 is the top."""
    name, _, rest = module.partition(".")
    rooms = {room: number for number, level in enumerate(FLOORS[name]) for room in level}
    inside = [r for r in rooms if r == rest or (r and rest.startswith(f"{r.removesuffix('.*')}."))]
    assert inside, f"{module} has no floor: add its room to FLOORS"
    return rooms[max(inside, key=len)]


def imported(module: str) -> set[str]:
    """The modules of ours that come with the import of a module."""
    names = {i.name for i in imports(MODULES[module]) if i.at_once}
    # `from package.module import name` has the name behind the module.
    found = {name if name in MODULES else name.rpartition(".")[0] for name in names}
    return (found & MODULES.keys()) - {module}


def package(module: str) -> str:
    return module.partition(".")[0]


def test_all_packages_are_looked_at():
    assert {package(name) for name in MODULES} == set(FOLDERS)
    assert sorted(COMMANDS) == [
        "mdat_audit.cli.audit",
        "mdat_data.cli.corpora",
        "mdat_extract.cli.extract",
        "mdat_extract.cli.features",
        "mdat_predict.cli.predict",
        "mdat_predict.cli.serve",
        "mdat_predict.cli.share",
        "mdat_train.cli.tables",
        "mdat_train.cli.train",
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
    if ".cli" not in module:
        assert not [i.name for i in imports(MODULES[module]) if "cli" in i.name.split(".")]


@pytest.mark.parametrize("module", MODULES)
def test_a_room_imports_only_its_own_floor_and_those_below(module):
    own = {name for name in imported(module) if package(name) == package(module)}
    assert not [name for name in own if floor(name) < floor(module)]


def test_no_module_imports_itself_through_others():
    graph = {module: imported(module) for module in MODULES}
    TopologicalSorter(graph).prepare()  # raises CycleError


@pytest.mark.parametrize(
    "folder", sorted({p.parent for p in MODULES.values()}), ids=lambda folder: folder.name
)
def test_a_folder_holds_at_most_twelve_files(folder):
    files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(files) <= MOST_FILES or folder.name == "corpora"


@pytest.mark.parametrize("module", MODULES)
def test_imports_name_the_installed_package(module):
    packages = {i.package for i in imports(MODULES[module])}
    assert not packages & {"", "audit", "data", "extract", "predict", "train"}


@pytest.mark.parametrize("cli", COMMANDS)
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
    rooms = ("assembly", "check", "header", "reader")
    rooms += tuple(
        f"hdf5.{name}" for name in ("attributes", "datasets", "rows", "structure", "texts")
    )
    assert sorted(touching) == sorted(f"mdat_data.cache.{name}" for name in rooms)


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
