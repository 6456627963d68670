"""The configuration of a run, and how a program gives it."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from mdat_data import InputError
from mdat_train.adaptation import Adaptation, Strengths
from mdat_train.config import ABLATIONS, DISABLE, FULL, NORMALIZATIONS, TrainConfig
from mdat_train.make_config import TrainOptions, make_config

GIVEN: dict[str, list[tuple[Any, Any]]] = {
    "model": [("linear", "linear")],
    "modality": [("text", "text")],
    "preset": [("paper", "paper")],
    "disable": [(["co", "graph"], ("co", "graph")), ("co", ("co",)), ((), ())],
    "model_options": [({"graph_heads": 4, "units": None}, (("graph_heads", 4), ("units", None)))],
    "classes": [("all", ("all",)), (["sad", "angry"], ("sad", "angry"))],
    "merge": [
        ({"excited": "happy", "boredom": "sad"}, (("excited", "happy"), ("boredom", "sad"))),
        ([("boredom", "sad")], (("boredom", "sad"),)),
    ],
    "at_most": [(3, 3), (None, None)],
    "at_most_seed": [(1, 1)],
    "speech_layer": [("mix", "mix"), (12, "12"), (None, None)],
    "text_layer": [("last", "last"), (6, "6"), (None, None)],
    "frames": [(100, 100)],
    "frame_stride": [(4, 4)],
    "split": [("80-20", "80-20")],
    "folds": [(2, 2)],
    "shots": [("all", ("all",)), (5, (5,)), ([0, 5], (0, 5)), (range(3), (0, 1, 2))],
    "l2": [(0.1, 0.1), (None, None)],
    "adaptation": [("finetune", "finetune")],
    "adapt_share": [(0.3, 0.3), (None, None)],
    "adapt_pull": [(10.0, 10.0), (None, None)],
    "adapt_from": [("new", "new"), (None, None)],
    "adapt_pseudo_labels": [(True, True), (None, None)],
    "seeds": [(5, 5)],
    "first_seed": [(7, 7)],
    "shot_draws": [(2, 2)],
    "epochs": [(1, 1)],
    "patience": [(0, 0), (3, 3)],
    "adapt_epochs": [(4, 4)],
    "batch_size": [(8, 8)],
    "learning_rate": [(1e-3, 1e-3), (None, None)],
    "adapt_learning_rate": [(1, 1), (None, None)],
    "normalize": [("corpus", "corpus"), (None, None)],
    "precision": [("bfloat16", "bfloat16")],
    "memory": [(0, 0), (0.5, 0.5)],
    "resampling_seed": [(3, 3)],
    "out": [("runs/x", Path("runs/x")), (Path("x"), Path("x")), (None, None)],
}
"""Field -> what a program may give, and the value of the field."""


def test_a_program_can_give_every_field():
    names = [field.name for field in fields(TrainConfig)]
    assert names == ["source", "target", *get_type_hints(TrainOptions)]
    assert list(GIVEN) == list(get_type_hints(TrainOptions))


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [(name, *pair) for name, pairs in GIVEN.items() for pair in pairs],
)
def test_a_value_may_be_given_in_several_ways(name, given, expected):
    made = make_config("a.h5", **{name: given})
    assert made == replace(TrainConfig(source=(Path("a.h5"),)), **{name: expected})
    assert type(getattr(made, name)) is type(expected) or isinstance(expected, Path)


@pytest.mark.parametrize(
    "source", ["a.h5", Path("a.h5"), ["a.h5"], (Path("a.h5"),), (path for path in ["a.h5"])]
)
def test_the_source_may_be_one_file_or_several(source):
    assert make_config(source).source == (Path("a.h5"),)


@pytest.mark.parametrize("target", ["t.h5", Path("t.h5")])
def test_the_target_may_be_text(target):
    made = make_config(["a.h5", Path("b.h5")], target)
    assert (made.source, made.target) == ((Path("a.h5"), Path("b.h5")), Path("t.h5"))


def test_the_defaults_can_be_used():
    assert make_config("a.h5") == TrainConfig(source=(Path("a.h5"),))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "mdta"}, "model must be one of bilstm, .*, svm; got 'mdta'"),
        ({"modality": "video"}, "modality must be one of both, speech, text; got 'video'"),
        ({"preset": "big"}, "preset must be one of base, wide, paper; got 'big'"),
        ({"split": "speaker"}, "split must be one of group, random, 80-20; got 'speaker'"),
        ({"adaptation": "magic"}, "adaptation must be one of .*finetune.*; got 'magic'"),
        (
            {"normalize": "test"},
            "normalize must be one of none, train, corpus, support, speaker; got",
        ),
        ({"precision": "float16"}, "precision must be one of float32, bfloat16; got 'float16'"),
        ({"shots": (5, "all")}, "shots must be a whole number of at least 0; got 'all'"),
        ({"frame_stride": 0}, "frame_stride must be a whole number of at least 1; got 0"),
        ({"disable": ("co", "head")}, "disable must be one of graph, co, transformer; got 'head'"),
        ({"folds": 1}, "folds must be a whole number of at least 2; got 1"),
        ({"seeds": 0}, "seeds must be a whole number of at least 1; got 0"),
        ({"seeds": "3"}, "seeds must be a whole number of at least 1; got '3'"),
        ({"epochs": 2.5}, "epochs must be a whole number of at least 1; got 2.5"),
        ({"epochs": True}, "epochs must be a whole number of at least 1; got True"),
        ({"at_most": 0}, "at_most must be a whole number of at least 1; got 0"),
        ({"patience": -1}, "patience must be a whole number of at least 0; got -1"),
        ({"first_seed": -1}, "first_seed must be a whole number of at least 0; got -1"),
        ({"shots": [5, -5]}, "shots must be a whole number of at least 0; got -5"),
        ({"learning_rate": 0.0}, "learning_rate must be more than 0; got 0.0. None takes"),
        ({"adapt_learning_rate": -1.0}, "adapt_learning_rate must be more than 0; got -1.0"),
        ({"adapt_share": 0.0}, "adapt_share must be more than 0; got 0.0. None takes the default"),
        ({"adapt_share": 1.0}, "adapt_share must be less than 1, so that the source has a share"),
        ({"adapt_pull": -1.0}, "adapt_pull must be more than 0; got -1.0"),
        ({"adapt_from": "old"}, "adapt_from must be one of source, new; got 'old'"),
        ({"l2": 0.0}, "l2 must be more than 0; got 0.0"),
        ({"memory": -1.0}, "memory must be at least 0 GiB; got -1.0"),
        ({"learning_rate": float("nan")}, "learning_rate must be a finite number; got nan"),
        ({"learning_rate": float("inf")}, "learning_rate must be a finite number; got inf"),
        ({"adapt_learning_rate": float("-inf")}, "must be a finite number; got -inf"),
        ({"memory": float("nan")}, "memory must be a finite number; got nan"),
        ({"memory": float("inf")}, "memory must be a finite number; got inf"),
        ({"first_seed": 2**32}, "first_seed must be at most 4294967295; got a higher number"),
        ({"at_most_seed": 10**5000}, "at_most_seed must be at most 4294967295; got a higher"),
        ({"resampling_seed": 2**32}, "resampling_seed must be at most 4294967295"),
        ({"first_seed": 2**32 - 1, "seeds": 2}, "the last seed must be at most 4294967295; got"),
        ({"shots": [0, 2**40]}, "shots must be at most 4294967295"),
        ({"merge": [("a", "b"), ("a", "c")]}, "merge must have one value for each name; got a=b"),
        ({"merge": {"a": ""}}, "classes and merge must be words of the features files; got an"),
        ({"classes": ["a", ""]}, "classes and merge must be words"),
        ({"model_options": [("units", 1), ("units", 2)]}, "model_options must have one value"),
        ({"out": ""}, "out must be the path of a file or folder, of 1 to 4000 bytes; got 0, ''"),
        ({"source": ["a.h5", "x" * 256]}, "source must have names of at most 255 bytes"),
        ({"target": "C:\\a.h5"}, "target must separate folders by / on this system"),
        ({"source": []}, "source must name a features file; got none. Make one with mdat-extract"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        make_config(**{"source": "a.h5"} | options)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["learning_rate", "adapt_learning_rate", "memory"])
def test_no_configuration_has_a_number_that_is_none(name, value):
    with pytest.raises(InputError, match=f"{name} must be a finite number"):
        TrainConfig(source=(), **{name: value})


def test_the_highest_seed_can_be_used():
    assert list(make_config("a.h5", first_seed=2**32 - 2, seeds=2).all_seeds)[-1] == 2**32 - 1


def test_a_merger_that_is_given_twice_is_the_same():
    assert make_config("a.h5", merge=[("a", "b"), ("a", "b")]).merge == (("a", "b"), ("a", "b"))


def test_an_unknown_option_is_an_error_of_the_program():
    with pytest.raises(TypeError, match="epoch"):
        make_config("a.h5", epoch=3)


def test_the_seeds_follow_the_first():
    assert list(make_config("a.h5", seeds=3, first_seed=4).all_seeds) == [4, 5, 6]


@pytest.mark.parametrize("normalize", NORMALIZATIONS)
def test_whether_features_are_standardised_and_by_what_of_the_target(normalize):
    made = make_config("a.h5", normalize=normalize)
    assert made.standardize == (normalize != "none")
    assert made.transductive == (normalize in ("corpus", "speaker"))


def test_strengths_that_are_not_given_have_their_defaults():
    assert make_config("a.h5").adapted_by == Adaptation(name="joint")
    given = make_config("a.h5", adapt_share=0.4, adapt_pull=3.0, adapt_from="new").adapted_by
    assert given.strengths == Strengths(share=0.4, pull=3.0, start="new")


def test_every_ablation_lacks_modules_that_can_be_disabled():
    assert ABLATIONS[FULL] == ()
    assert len(set(ABLATIONS.values())) == len(ABLATIONS) == 7
    assert {module for lacking in ABLATIONS.values() for module in lacking} == set(DISABLE)
