"""What the tests of training share."""

from functools import cache

import pytest

from mdat_train.classifiers.compiled_models import CompiledModels, TrainableModel


@pytest.fixture(scope="session")
def models() -> CompiledModels:
    """Every model is compiled once for all tests of a process, which takes longer than they do."""
    made = CompiledModels()
    made.get = cache(TrainableModel)
    return made
