"""The choices of an audit."""

import pytest

from mdat_audit import AuditConfig
from mdat_data import InputError


def test_paths_are_words_however_they_are_given(tmp_path):
    config = AuditConfig(corpora=[tmp_path, "urdu"], splits=str(tmp_path / "a.csv"))
    assert config.corpora == (str(tmp_path), "urdu")
    assert config == AuditConfig(corpora=(str(tmp_path), "urdu"), splits=tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"map": "tsne"}, "expected --map to be pca or umap, got 'tsne'"),
        ({"root": ["a"]}, "--root once for each corpus, in the same order, got 1 folders for 2"),
        ({"root": ["a", "b", "c"]}, "got 3 folders for 2 corpora. Give one for each, or none"),
        ({"seed": -1}, "expected --seed to be from 0 to 4294967295, got -1"),
        ({"seed": 2**32}, "expected --seed to be from 0 to 4294967295, got 4294967296"),
        ({"splits": ""}, "--splits must be the path"),
        ({"corpora": ["", "b"]}, "CORPUS must be the path"),
    ],
)
def test_wrong_choices_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        AuditConfig(**{"corpora": ["a", "b"]} | options)
