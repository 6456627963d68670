"""Every configuration checks its values, and its errors name the field."""

from dataclasses import Field, FrozenInstanceError, fields, replace

import pytest
from small_networks import MODELS

from mdat_keras import PRESETS, BiLSTMConfig, HCAMConfig, SAFRLMConfig
from mdat_keras.models.model_config import ModelConfig

NAN, INFINITY = float("nan"), float("inf")
BAD = {
    bool: (0, 1, "True", None),
    int: (0, -1, True, 2.0, "2", None),
    int | None: (0, -1, True, 2.0, "2"),
    float: (-0.1, NAN, INFINITY, True, "0.1", None),
    str: ("unknown", "", 1, None),
}
"""Values that no field of a type accepts."""

FIELDS = {
    f"{name}, {field.name}": (type(config), field)
    for name, config in MODELS.items()
    for field in fields(config)
}
every_field = pytest.mark.parametrize(("config", "field"), FIELDS.values(), ids=FIELDS)


@every_field
def test_every_field_is_checked(config: type[ModelConfig], field: Field) -> None:
    for value in BAD[field.type]:
        with pytest.raises(ValueError, match=f"^{field.name} must .*; got ") as error:
            config(**{field.name: value})
        assert f"got {value!r}." in str(error.value)


@every_field
def test_every_field_is_documented(config: type[ModelConfig], field: Field) -> None:
    documented = "".join(str(kind.__doc__) for kind in config.__mro__)
    assert f"\n        {field.name}: " in documented


@pytest.mark.parametrize("config", MODELS.values(), ids=MODELS)
def test_frozen(config: ModelConfig) -> None:
    with pytest.raises(FrozenInstanceError):
        config.classes = 7


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("classes", 1, "at least 2; got 1"),
        ("projection", 0, "at least 1; got 0"),
        ("units", -4, "at least 1; got -4"),
        ("graph_heads", 0, "at least 1; got 0"),
        ("encoder_heads", 2.0, r"at least 1; got 2\.0"),
        ("encoder_layers", 0, "at least 1; got 0"),
        ("head_units", 0, "at least 1; got 0"),
        ("speech_layers", 0, "at least 1; got 0"),
        ("attention_dropout", 1.0, r"at least 0 and less than 1; got 1\.0"),
        ("encoder_dropout", -0.1, "at least 0 and less than 1; got -0.1"),
        ("head_dropout", 2, "at least 0 and less than 1; got 2"),
        ("graph_scores", "gatv2", "one of pairwise, broadcast; got 'gatv2'"),
        ("graph_scope", "both", "one of joint, modality; got 'both'"),
        ("pooling", "max", "one of mean, statistics; got 'max'"),
        ("co_context", "hadamard", "one of cross, own; got 'hadamard'"),
        ("modality", "audio", "one of both, speech, text; got 'audio'"),
    ],
)
def test_bad_values(name: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must be .*{message}"):
        replace(PRESETS["base"], **{name: value})


@pytest.mark.parametrize(
    ("config", "name", "value", "message"),
    [
        (BiLSTMConfig, "modality", "audio", "one of both, speech, text; got 'audio'"),
        (BiLSTMConfig, "units", 0, "at least 1; got 0"),
        (BiLSTMConfig, "dense_units", 0, "at least 1; got 0"),
        (BiLSTMConfig, "l2", -1.0, r"at least 0; got -1\.0"),
        (BiLSTMConfig, "l2", float("nan"), "at least 0; got nan"),
        (BiLSTMConfig, "dropout", 1.0, r"less than 1; got 1\.0"),
        (SAFRLMConfig, "units", 0, "at least 1; got 0"),
        (SAFRLMConfig, "layers", 0, "at least 1; got 0"),
        (SAFRLMConfig, "heads", 0, "at least 1; got 0"),
        (SAFRLMConfig, "feed_forward", 0, "at least 1; got 0"),
        (SAFRLMConfig, "head_units", 0, "at least 1; got 0"),
        (SAFRLMConfig, "dropout", 1.0, r"less than 1; got 1\.0"),
        (SAFRLMConfig, "head_dropout", 1.0, r"less than 1; got 1\.0"),
        (HCAMConfig, "speech_units", 0, "at least 1; got 0"),
        (HCAMConfig, "text_units", 0, "at least 1; got 0"),
        (HCAMConfig, "context_units", 0, "at least 1; got 0"),
        (HCAMConfig, "heads", 0, "at least 1; got 0"),
        (HCAMConfig, "head_dim", 0, "at least 1; got 0"),
        (HCAMConfig, "layers", 0, "at least 1; got 0"),
        (HCAMConfig, "dropout", 1.0, r"less than 1; got 1\.0"),
        (HCAMConfig, "supcon_weight", 1.0, r"less than 1; got 1\.0"),
        (HCAMConfig, "supcon_temperature", 0.0, r"greater than 0; got 0\.0"),
    ],
)
def test_bad_values_of_the_other_models(
    config: type, name: str, value: object, message: str
) -> None:
    with pytest.raises(ValueError, match=f"{name} must be .*{message}"):
        config(**{name: value})


def test_heads_divide_the_units() -> None:
    with pytest.raises(ValueError, match="heads must divide units, which is 128; got 3"):
        SAFRLMConfig(heads=3)
