"""The classifier that a configuration names, and the fields of its network."""

from dataclasses import replace
from typing import Any

import pytest
from toy_features import SPEECH_DIM, TEXT_DIM
from toy_runs import config

from mdat_data import InputError
from mdat_keras import PRESETS, HCAMConfig
from mdat_train.classifiers.build import (
    OWNED,
    _typed,
    build_classifier,
    model_configuration,
)
from mdat_train.classifiers.compiled_models import CompiledModels
from mdat_train.classifiers.models import MODELS
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.config import DISABLE

NETWORKS = [name for name, model in MODELS.items() if model.has_epochs]


def configured(model: str = "mdat", **options: Any) -> Any:
    return model_configuration(config(model=model, model_options=tuple(options.items())))


@pytest.mark.parametrize("preset", ["base", "paper"])
def test_mdat_has_the_fields_of_its_preset(preset):
    assert model_configuration(config(model="mdat", preset=preset)) == PRESETS[preset]


@pytest.mark.parametrize("name", [name for name in NETWORKS if name != "mdat"])
def test_other_networks_have_their_defaults(name):
    assert configured(name) == MODELS[name].configuration_class()()


@pytest.mark.parametrize("disable", [(), *((name,) for name in DISABLE), tuple(DISABLE)])
def test_disabled_modules_are_off_and_no_others(disable):
    of = model_configuration(config(model="mdat", disable=disable))
    assert {name for name, field in DISABLE.items() if not getattr(of, field)} == set(disable)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("graph_heads", "4", 4),
        ("graph_heads", 4, 4),
        ("head_dropout", "0.25", 0.25),
        ("head_dropout", 0.25, 0.25),
        ("head_dropout", "0", 0.0),
        ("head_dropout", 0, 0),
        ("residual", "false", False),
        ("residual", "TRUE", True),
        ("residual", False, False),
        ("graph_scope", "modality", "modality"),
        ("projection", "32", 32),
        ("projection", 32, 32),
        ("projection", "none", None),
        ("units", None, None),
    ],
)
def test_a_value_is_converted_to_the_type_of_its_field(field, value, expected):
    found = getattr(configured(**{field: value}), field)
    assert found == expected
    assert isinstance(found, float) == isinstance(expected, float)
    assert isinstance(found, bool) == isinstance(expected, bool)


def test_several_fields_are_set_and_the_others_stay():
    of = configured(graph_heads="2", projection="16")
    assert of == replace(PRESETS["base"], graph_heads=2, projection=16)


def test_a_field_that_is_set_overrules_what_is_disabled():
    of = model_configuration(
        config(model="mdat", disable=("co",), model_options=(("co_attention", "true"),))
    )
    assert of.co_attention


def test_fields_of_other_networks_can_be_set():
    assert configured("hcam", supcon_weight="0.5") == HCAMConfig(supcon_weight=0.5)


@pytest.mark.parametrize("name", ["heads", *OWNED])
def test_a_wrong_name_lists_the_fields(name):
    with pytest.raises(InputError, match=f"field of MDATConfig; got '{name}'") as caught:
        configured(**{name: "1"})
    assert "projection=64, units=None, " in str(caught.value)
    assert not any(f" {owned}=" in str(caught.value) for owned in OWNED)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("graph_heads", "four", "int; got 'four'"),
        ("graph_heads", "2.5", "int; got '2.5'"),
        ("graph_heads", 2.5, "int; got 2.5"),
        ("graph_heads", True, "int; got True"),
        ("graph_heads", None, "int; got None"),
        ("graph_heads", "none", "int; got 'none'"),
        ("head_dropout", "half", "float; got 'half'"),
        ("residual", "1", "bool; got '1'"),
        ("residual", 0, "bool; got 0"),
        ("residual", None, "bool; got None"),
        ("graph_scope", 1, "str; got 1"),
        ("units", "wide", "int or none; got 'wide'"),
    ],
)
def test_a_value_of_another_type_is_refused(field, value, expected):
    with pytest.raises(InputError, match=f"--set {field} must be a value of type {expected}"):
        configured(**{field: value})


@pytest.mark.parametrize(
    ("model", "field", "value", "named"),
    [
        ("mdat", "graph_heads", "0", "graph_heads must be a whole number of at least 1; got 0"),
        ("mdat", "head_dropout", "1", "head_dropout must be at least 0 and less than 1"),
        ("mdat", "graph_scope", "both", "graph_scope must be one of joint, modality; got 'both'"),
        ("bilstm", "units", "0", "units must be a whole number of at least 1; got 0"),
    ],
)
def test_a_value_that_the_network_refuses_is_an_error_of_the_user(model, field, value, named):
    with pytest.raises(InputError, match=f"--set: {named}"):
        configured(model, **{field: value})


class Uncompiled(CompiledModels):
    """Records what would be compiled."""

    def __init__(self) -> None:
        super().__init__()
        self.requested: list[tuple[Any, int, int]] = []
        self.get = self._get

    def _get(self, *shape: Any) -> Any:
        self.requested.append(shape)
        return type("Trainable", (), {"model": None})


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_takes_its_other_fields_from_the_configuration(name):
    models = Uncompiled()
    options = config(model=name, normalize="none", modality="text", classes=("a", "b", "c"))
    build_classifier(
        options, speech_dim=SPEECH_DIM, text_dim=TEXT_DIM, models=models, speech_layers=2
    )
    ((model, *dims),) = models.requested
    assert dims == [SPEECH_DIM, TEXT_DIM, "float32"]
    expected = {"classes": 3, "standardize": False, "speech_layers": 2, "modality": "text"}
    assert {field: getattr(model, field) for field in OWNED} == expected


@pytest.mark.parametrize("normalize", ["train", "none"])
@pytest.mark.parametrize("name", [name for name in MODELS if name not in NETWORKS])
def test_a_model_without_epochs_is_one_of_scikit_learn(name, normalize):
    classifier = build_classifier(
        config(model=name, normalize=normalize, modality="speech"),
        speech_dim=SPEECH_DIM,
        text_dim=TEXT_DIM,
        models=CompiledModels(),
    )
    assert isinstance(classifier, SklearnClassifier)
    assert (classifier.name, classifier.modality) == (name, "speech")
    assert classifier.standardize == (normalize == "train")


def test_the_types_of_all_fields_can_be_read():
    # `--set` reads text by the types of the fields: each must be one that it knows.
    for name in NETWORKS:
        of = MODELS[name].configuration_class()()
        for field, value in vars(of).items():
            if field not in OWNED:
                written = "none" if value is None else str(value)
                assert _typed(of, {field: written}) == {field: value}
