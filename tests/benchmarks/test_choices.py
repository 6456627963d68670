"""The configurations that the choices were made with."""

import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ("mdat", "train", 3e-3)),
        ({"model": "bilstm"}, ("bilstm", "train", 3e-3)),
        ({"model": "linear"}, ("linear", "train", None)),
        ({"preset": "paper", "learning_rate": 1e-3}, ("mdat", "none", 1e-3)),
    ],
)
def test_a_configuration_needs_no_features_file(monkeypatch, options, expected):
    monkeypatch.syspath_prepend(FOLDER)
    config = importlib.import_module("choices").configuration(**options)
    assert (config.model, config.normalize, config.learning_rate) == expected
