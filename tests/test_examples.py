"""The examples of the docstrings run."""

import doctest
import importlib
import importlib.util
from pathlib import Path

import keras
import numpy as np
import pytest

PACKAGES = ("mdat_audit", "mdat_data", "mdat_extract", "mdat_keras", "mdat_predict", "mdat_train")
GLOBALS = {"keras": keras, "np": np}


def folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent


MODULES = [
    ".".join([package, *path.relative_to(folder(package)).with_suffix("").parts]).removesuffix(
        ".__init__"
    )
    for package in PACKAGES
    for path in sorted(folder(package).rglob("*.py"))
    if ">>>" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    tested = doctest.testmod(importlib.import_module(name), extraglobs=GLOBALS)
    assert tested.attempted
    assert not tested.failed
