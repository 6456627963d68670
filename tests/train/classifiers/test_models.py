"""The list of models: complete, buildable and offered."""

import dataclasses

import keras
import pytest
import small_networks

from mdat_keras import PRESETS, build_model
from mdat_train.classifiers.models import MODELS, Model
from mdat_train.cli.train import main

SAVED = [name for name, model in MODELS.items() if model.can_be_saved]


def test_every_model_is_found_by_its_name():
    assert [model.name for model in MODELS.values()] == list(MODELS)


@pytest.mark.parametrize("field", ["name", "label", "about"])
def test_no_two_models_are_described_alike(field):
    values = [getattr(model, field) for model in MODELS.values()]
    assert all(values)
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("name", SAVED)
def test_every_configuration_builds(name):
    configuration = MODELS[name].configuration_class()(classes=3)
    model = build_model(configuration, 12, 10)
    assert isinstance(model, keras.Model)
    assert model.output_shape == (None, 3)


def test_every_model_of_mdat_keras_has_a_record():
    configurations = {type(of) for of in small_networks.MODELS.values()}
    assert configurations == {MODELS[name].configuration_class() for name in SAVED}
    assert all(map(dataclasses.is_dataclass, configurations))


def test_every_model_is_offered():
    (option,) = [option for option in main.params if option.name == "model"]
    assert list(option.type.choices) == list(MODELS)
    assert all(model.about in option.help for model in MODELS.values())


@pytest.mark.parametrize(
    ("configuration", "learning_rate", "has_epochs", "can_be_saved"),
    [("m:C", 1e-3, True, True), ("m:C", None, False, True), (None, None, False, False)],
)
def test_what_a_record_implies(configuration, learning_rate, has_epochs, can_be_saved):
    model = Model(
        name="new", label="New", about="", configuration=configuration, learning_rate=learning_rate
    )
    assert (model.has_epochs, model.can_be_saved) == (has_epochs, can_be_saved)
    assert not model.in_k_shot_tables


def test_the_presets_with_a_linear_classifier_are_those_whose_configuration_has_one():
    found = tuple(name for name, preset in PRESETS.items() if preset.linear)
    assert MODELS["mdat"].with_linear == found
