import math
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops
from small_networks import MDAT, PAPER, SPEECH_DIM, TEXT_DIM

from mdat_keras import PRESETS, CoAttention, MDATConfig, build_model, single_stage

# Table VI: which parts are on, and the weights that are then trained from 1024 and 768 features.
ABLATIONS = [
    # graph, co, transformer, paper, base
    (True, True, True, 55_359_748, 393_348),
    (True, True, False, 4_987_140, 194_180),
    (True, False, False, 2_363_652, 153_092),
    (False, True, False, 3_936_516, 189_956),
    (False, False, True, 13_916_420, 199_300),
    (False, True, True, 54_309_124, 389_124),
    (True, False, True, 14_967_044, 203_524),
]


def trained(model: keras.Model) -> int:
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def test_base_is_the_default() -> None:
    assert PRESETS["base"] == MDATConfig(projection=64, residual=True, scale=True, linear=0.75)


def test_wide_differs_from_base_in_its_width_and_has_no_linear_classifier() -> None:
    assert PRESETS["wide"] == replace(PRESETS["base"], projection=256, linear=0.0)


def test_paper_differs_from_base_in_what_the_paper_prints() -> None:
    assert PRESETS["paper"] == replace(
        PRESETS["base"],
        projection=None,
        residual=False,
        scale=False,
        attention_dropout=0.0,
        standardize=False,
        linear=0.0,
    )


@pytest.fixture
def zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that are only counted need no random values."""
    draw = keras.initializers.GlorotUniform
    monkeypatch.setattr(draw, "__call__", lambda _, shape, dtype=None: ops.zeros(shape, dtype))


@pytest.mark.usefixtures("zeros")
@pytest.mark.parametrize(("graph", "co", "transformer", "paper", "base"), ABLATIONS)
def test_weights_of_the_ablations(
    graph: bool, co: bool, transformer: bool, paper: int, base: int
) -> None:
    parts = {"graph_attention": graph, "co_attention": co, "transformer": transformer}
    counts = {
        name: trained(build_model(replace(PRESETS[name], **parts), speech_dim=1024, text_dim=768))
        for name in ("paper", "base")
    }
    assert counts == {"paper": paper, "base": base}


@pytest.mark.usefixtures("zeros")
@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"graph_scope": "modality"}, 397_572),
        ({"projection": 128}, 1_203_204),
        ({"projection": 256}, 4_076_292),  # wide
        ({"pooling": "statistics"}, 393_348 + 2 * 128 * 256),
        ({"projection": None, "units": 256, "residual": False}, 4_601_092),
    ],
)
def test_weights_of_other_widths(changes: dict[str, Any], count: int) -> None:
    assert trained(build_model(replace(PRESETS["base"], **changes), 1024, 768)) == count


def test_units_of_the_co_attention_follow_the_nodes() -> None:
    model = build_model(replace(PAPER, graph_attention=False), SPEECH_DIM, TEXT_DIM)
    (layer,) = [layer for layer in model.layers if isinstance(layer, CoAttention)]
    assert layer.units == 12


def test_one_stream_has_no_co_attention() -> None:
    model = build_model(replace(PAPER, modality="text"), SPEECH_DIM, TEXT_DIM)
    assert [layer.name for layer in model.layers if "attention" in layer.name] == [
        "text_graph_attention"
    ]


@pytest.mark.parametrize("modality", ["speech", "text"])
def test_a_stream_alone_keeps_its_width_without_a_projection(modality: str) -> None:
    model = build_model(replace(PAPER, modality=modality), SPEECH_DIM, TEXT_DIM)
    assert not [layer.name for layer in model.layers if "projection" in layer.name]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"graph_heads": 3},
            "graph_heads must divide the width of the graph attention, .* 64; got 3",
        ),
        ({"units": 32}, "units must be None or the projection, 64, with residual=True; got 32"),
        (
            {"encoder_heads": 3},
            "encoder_heads must divide the width of the .* input, .* 128; got 3",
        ),
        (
            {"encoder_heads": 128, "co_attention": False},
            "encoder_heads must divide the width of the encoder input, which is 64; got 128",
        ),
        (
            {"encoder_heads": 128, "modality": "text"},
            "encoder_heads must divide the width of the encoder input, which is 64; got 128",
        ),
    ],
)
def test_widths_that_do_not_fit(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(PRESETS["base"], **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"graph_heads": 3, "graph_attention": False},
        {"encoder_heads": 3, "transformer": False},
        {"encoder_heads": 4, "projection": 6},
        {"units": 32, "residual": False},
        {"graph_heads": 3, "encoder_heads": 3, "projection": None},  # widths are not known yet
    ],
)
def test_widths_that_fit(changes: dict[str, Any]) -> None:
    assert replace(PRESETS["base"], **changes) != PRESETS["base"]


def test_number_of_heads_without_a_projection_is_checked_in_the_layer() -> None:
    config = replace(PRESETS["paper"], encoder_heads=5)
    with pytest.raises(ValueError, match="heads must divide the width of the input, .* 24; got 5"):
        build_model(config, SPEECH_DIM, TEXT_DIM)


def test_the_linear_classifier_has_its_weight_in_the_geometric_mean(batch: Any) -> None:
    model = build_model(replace(MDAT, linear=0.75), SPEECH_DIM, TEXT_DIM)
    inputs = batch()
    linear = model.get_layer("linear")
    network = keras.Model(model.input, model.get_layer("emotion").output)
    of_both = ops.convert_to_numpy(network(inputs)) ** 0.25 * (
        ops.convert_to_numpy(linear(inputs)) ** 0.75
    )
    expected = of_both / of_both.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(ops.convert_to_numpy(model(inputs)), expected, rtol=1e-4)


def test_without_weight_there_is_no_linear_classifier() -> None:
    model = build_model(replace(MDAT, linear=0.0), SPEECH_DIM, TEXT_DIM)
    assert "linear" not in {layer.name for layer in model.layers}


def test_the_linear_classifier_is_not_trained_with_the_network() -> None:
    model = build_model(MDAT, SPEECH_DIM, TEXT_DIM)
    assert not model.get_layer("linear").trainable_weights
    stage = single_stage(MDAT, model)
    assert stage.predictor is model
    assert {v.path for v in stage.model.variables} < {v.path for v in model.variables}
