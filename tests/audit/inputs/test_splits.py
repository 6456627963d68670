"""Tables of splits, right ones and wrong ones."""

import pytest

from mdat_audit.inputs.splits import placed, read_splits
from mdat_data import InputError
from mdat_data.splits.split import Split


def table(folder, text, name="splits.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_parts_are_one_split_whatever_they_are_called(tmp_path):
    path = table(tmp_path, "id,part\na,train\nb,Dev\nc,TEST\nd,training\n")
    split = Split(train=("a", "d"), validation=("b",), test=("c",))
    assert read_splits(path) == {"split": split}


def test_each_fold_is_tested_once(tmp_path):
    path = table(tmp_path, "fold\tid\n1\ta\n2\tb\n1\tc\n", "splits.tsv")
    assert read_splits(path) == {
        "fold 1": Split(train=("b",), test=("a", "c")),
        "fold 2": Split(train=("a", "c"), test=("b",)),
    }


def test_folds_of_parts_are_splits_of_their_own(tmp_path):
    path = table(tmp_path, "id,fold,part\na,1,train\nb,1,test\na,2,test\nb,2,train\n")
    assert read_splits(path) == {
        "fold 1": Split(train=("a",), test=("b",)),
        "fold 2": Split(train=("b",), test=("a",)),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,set\na,train\n", "column part .* or fold beside id, but got none"),
        ("id,part\n", "a line for each utterance"),
        ("id,part\na,train\nb,\n", "a value in every column.*\n  line 3: part is empty"),
        ("id,part\na,trian\nb,test\n", r"line 2: trian \(did you mean train\?\)"),
        ("id,part\na,train\nb,test\na,test\n", "each id once.*\n  line 4: a, as in line 2"),
        ("id,fold,part\na,1,train\na,1,test\n", "line 3: a, as in line 2"),
        ("id,fold\na,1\nb,1\n", "fold 1 has no training set"),
        ("id,part\na,train\nb,val\n", "split has no test set"),
        ("name,part\na,train\n", "lacks id"),
    ],
)
def test_wrong_tables_are_refused_with_their_lines(text, message, tmp_path):
    with pytest.raises(InputError, match=message):
        read_splits(table(tmp_path, text))


def test_ids_that_no_utterance_has_are_refused():
    splits = {"split": Split(train=("a", "x"), test=("b",))}
    with pytest.raises(InputError, match="expected ids of the corpus, such as a.*\n  x"):
        placed(splits, "splits.csv", ids={"a", "b"}, unusable=[])


def test_recordings_that_cannot_be_used_leave_the_split():
    splits = {"split": Split(train=("a", "x"), test=("b",))}
    kept = placed(splits, "splits.csv", ids={"a", "b"}, unusable=["x"])
    assert kept == {"split": Split(train=("a",), test=("b",))}
