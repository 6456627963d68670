"""The configurations that the choices were made with."""

import pytest


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ("mdat", "train", 3e-3)),
        ({"model": "bilstm"}, ("bilstm", "train", 3e-3)),
        ({"model": "linear"}, ("linear", "train", None)),
        ({"preset": "paper", "learning_rate": 1e-3}, ("mdat", "none", 1e-3)),
    ],
)
def test_a_configuration_needs_no_features_file(script, options, expected):
    config = script("choices").configuration(**options)
    assert (config.model, config.normalize, config.learning_rate) == expected
