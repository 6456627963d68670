import math

import keras
import pytest

from mdat_keras import HCAMConfig, build_model, stages

PARTS = {
    "stage_1": 147_712 + 703_200,
    "stage_2": 705_380 + 820_580,
    "stage_3": 779_040 + 802 + 1_600 + 3_204,
}


def trained(model: keras.Model) -> int:
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return build_model(HCAMConfig(), speech_dim=1024, text_dim=768)


def test_weights(model: keras.Model) -> None:
    assert {name: trained(model.get_layer(name)) for name in PARTS} == PARTS
    assert trained(model) == sum(PARTS.values()) == 3_161_518


def test_weights_with_the_heads_of_training(model: keras.Model) -> None:
    counts = [trained(stage.model) for stage in stages(HCAMConfig(), model)]
    heads = [count - part for count, part in zip(counts, PARTS.values(), strict=True)]
    assert heads == [1_320, 3_208, 0]
    assert sum(counts) == 3_166_046


def test_a_stream_alone_has_no_cross_attention() -> None:
    model = build_model(HCAMConfig(modality="speech"), speech_dim=12, text_dim=10)
    names = [layer.name for layer in model.get_layer("stage_3").layers]
    assert [name for name in names if name.startswith("speech_self_1")]
    assert not [name for name in names if "cross" in name or name.startswith("text_")]
