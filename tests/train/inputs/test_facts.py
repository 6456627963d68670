from pathlib import Path

import pytest
from toy_features import utterance

from mdat_data import InputError
from mdat_train.inputs.facts import facts_of

SAID = (
    utterance("1", "sad", "eva", sex="female"),
    utterance("2", "sad", "max", sex="male", language="it"),
    utterance("3", "sad", "kim"),
)
UNKNOWN = tuple(utterance(id, "sad", "kim") for id in "12")


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text("id,age,sex\n1,young,f\n2,old,m\n9,old,m\n", encoding="utf-8")
    return path


def test_the_sex_is_a_fact_where_it_is_known() -> None:
    assert facts_of(SAID) == {"sex": {"1": "female", "2": "male", "3": ""}}
    assert facts_of(UNKNOWN) == {}


def test_another_fact_of_the_features_file_stands_beside_it() -> None:
    assert facts_of(SAID, by="language") == {
        "sex": {"1": "female", "2": "male", "3": ""},
        "language": {"1": "de", "2": "it", "3": "de"},
    }
    assert facts_of(UNKNOWN, by="group") == {"group": {"1": "kim", "2": "kim"}}


def test_a_column_of_a_manifest_is_joined_by_the_ids(manifest: Path) -> None:
    assert facts_of(UNKNOWN, by="age", manifest=manifest) == {"age": {"1": "young", "2": "old"}}
    assert facts_of(SAID, by="sex", manifest=manifest) == {"sex": {"1": "f", "2": "m", "3": ""}}


def test_ids_of_several_sources_are_found(manifest: Path) -> None:
    said = [utterance("emodb/2", "sad", "max"), utterance("urdu/1", "sad", "eva")]
    assert facts_of(said, by="age", manifest=manifest) == {
        "age": {"emodb/2": "old", "urdu/1": "young"}
    }


def test_a_manifest_may_be_separated_by_tabs(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("age\tid\nold\t1\n", encoding="utf-8")
    assert facts_of(UNKNOWN, by="age", manifest=path) == {"age": {"1": "old", "2": ""}}


@pytest.mark.parametrize(
    ("by", "with_manifest", "message"),
    [
        ("age", False, "--by must be sex, language, group or a column of a table; got 'age' and"),
        ("sex", False, "--by sex must be known of the test utterances, but the features file has"),
        ("mood", True, "mine.csv.* lacks mood"),
        (None, True, "--manifest is the table of --by: name one of its columns"),
    ],
)
def test_errors_give_the_way_out(
    by: str | None, with_manifest: bool, message: str, manifest: Path
) -> None:
    with pytest.raises(InputError, match=message):
        facts_of(UNKNOWN, by=by, manifest=manifest if with_manifest else None)


def test_a_manifest_of_other_recordings_is_refused(manifest: Path) -> None:
    said = [utterance("a", "sad", "kim")]
    with pytest.raises(InputError, match="for the ids of the test utterances, such as a, but it"):
        facts_of(said, by="age", manifest=manifest)
