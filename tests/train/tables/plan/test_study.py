"""The printed name of a study."""

import pytest

from mdat_train.tables.plan.study import Study


@pytest.mark.parametrize(
    ("study", "label"),
    [
        (
            Study(protocol="paper", source="emodb", target=None, model="svm"),
            "SVM, EMODB, protocol paper",
        ),
        (
            Study(
                protocol="strict",
                source="iemocap",
                target="urdu",
                model="mdat",
                disable=("graph", "co"),
            ),
            "MDAT without graph and co, IEMOCAP→URDU, protocol strict",
        ),
    ],
)
def test_a_study_is_named_in_words(study, label):
    assert study.label == label
