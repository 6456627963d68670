"""The options of the runs of a table, in one sentence."""

from dataclasses import replace

from toy_outcomes import outcome

from mdat_train.tables.cells.settings import settings
from mdat_train.tables.plan.study import Study

MDAT = Study(protocol="strict", source="iemocap", target="emodb", model="mdat")
LINEAR = replace(MDAT, model="linear")


def test_draws_and_adaptation_are_in_the_options_of_curves():
    sentence = settings({MDAT: outcome(MDAT, adaptation="finetune")})
    assert "seeds 2; draws of the support set 2; modality both; preset base" in sentence
    assert "epochs 10; patience 0; batch size 16; " in sentence
    assert "; adaptation finetune; adapt epochs 3." in sentence


def test_strengths_are_named_with_the_method_that_reads_them():
    of = {MDAT: outcome(MDAT, adaptation="joint", adapt_share=0.3)}
    assert "; adaptation joint; adapt share 0.3; adapt epochs 3." in settings(of)


def test_without_draws_nothing_is_adapted():
    study = replace(MDAT, target=None)
    assert "adapt" not in settings({study: outcome(study)})


def test_options_that_differ_have_their_models():
    of = {MDAT: outcome(MDAT), LINEAR: outcome(LINEAR, normalize="corpus")}
    assert "normalize train (MDAT), corpus (linear)" in settings(of)


def test_values_of_the_same_models_have_no_models():
    joint, rate = replace(MDAT, adaptation="joint"), 0.1 * 3e-4
    of = {
        MDAT: outcome(MDAT, adaptation="finetune", adapt_learning_rate=3e-4),
        joint: outcome(joint, adaptation="joint", adapt_learning_rate=rate),
    }
    sentence = settings(of)
    assert "; adaptation finetune, joint;" in sentence
    assert sentence.endswith("; adapt learning rate 0.0003, 3e-05.")


def test_options_of_networks_are_those_of_the_networks():
    of = {MDAT: outcome(MDAT, epochs=7), LINEAR: outcome(LINEAR, epochs=9)}
    assert "; epochs 7;" in settings(of)


def test_layers_and_fields_of_the_configuration_are_named():
    options = {"speech_layer": "12", "text_layer": "mix", "model_options": (("graph_heads", 2),)}
    sentence = settings({MDAT: outcome(MDAT, **options)})
    assert "model options graph_heads=2; speech layer 12; text layer mix" in sentence
