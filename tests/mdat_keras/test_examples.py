"""The examples of the docstrings run."""

import doctest
import importlib
import pkgutil

import keras
import pytest

import mdat_keras

MODULES = [module.name for module in pkgutil.iter_modules(mdat_keras.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(f"mdat_keras.{name}")
    assert doctest.testmod(module, extraglobs={"keras": keras}).failed == 0
