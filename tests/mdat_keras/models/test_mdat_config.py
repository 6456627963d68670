from dataclasses import FrozenInstanceError, replace

import pytest

from mdat_keras import PRESETS, BiLSTMConfig, HCAMConfig, MDATConfig, SAFRLMConfig


def test_base_is_the_default() -> None:
    assert PRESETS["base"] == MDATConfig(projection=256, residual=True, scale=True)


def test_paper_differs_where_the_paper_speaks() -> None:
    assert PRESETS["paper"] == replace(
        PRESETS["base"],
        projection=None,
        residual=False,
        scale=False,
        attention_dropout=0.0,
        standardize=False,
    )


def test_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        PRESETS["base"].classes = 7


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
    with pytest.raises(ValueError, match="units must be a multiple of heads; got units=128 and"):
        SAFRLMConfig(heads=3)
