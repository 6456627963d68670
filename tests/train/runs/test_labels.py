"""The printed names of models, conditions and tasks."""

import pytest
from toy_runs import config

from mdat_train.classifiers.models import MODELS
from mdat_train.runs.condition import ADAPTED, FOLDS, QUERY, SOURCE, SUPPORT, Condition
from mdat_train.runs.labels import condition_label, model_label, scale_label, task_label

PSEUDO = {"adaptation": "joint", "adapt_pseudo_labels": True}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_has_the_label_of_its_record(name):
    assert model_label(name) == MODELS[name].label


def test_a_model_of_another_version_keeps_its_name():
    assert model_label("old") == "old"


@pytest.mark.parametrize(
    ("model", "trained_on", "expected"),
    [
        ("mdat", SOURCE, "MDAT"),
        ("mdat", ADAPTED, "MDAT"),
        ("mdat", SUPPORT, "MDAT, support only"),
        ("linear", SUPPORT, "linear, support only"),
    ],
)
def test_a_control_is_named(model, trained_on, expected):
    condition = Condition(model=model, trained_on=trained_on, tested_on=QUERY, shots=5)
    assert condition_label(condition) == expected


@pytest.mark.parametrize(
    ("corpora", "expected"),
    [(("emodb",), "EMODB"), (("emodb", None), "EMODB"), (("iemocap", "urdu"), "IEMOCAP→URDU")],
)
def test_a_task_is_named_by_its_corpora(corpora, expected):
    assert task_label(*corpora) == expected


@pytest.mark.parametrize(
    ("changed", "tested_on", "expected"),
    [
        ({"normalize": "speaker"}, FOLDS, "transductive"),
        ({"normalize": "corpus"}, FOLDS, "transductive"),
        ({"normalize": "train"}, QUERY, ""),
        ({"normalize": "train", **PSEUDO}, QUERY, "transductive: pseudo-labels"),
        (
            {"normalize": "support", **PSEUDO},
            QUERY,
            "scale of the support set; transductive: pseudo-labels",
        ),
    ],
)
def test_what_reads_unlabelled_utterances_of_the_target_is_told(changed, tested_on, expected):
    condition = Condition(model="mdat", trained_on=ADAPTED, tested_on=tested_on, shots=5)
    assert scale_label(config(**changed), condition) == expected
