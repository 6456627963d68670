"""The sets of a split do not overlap."""

import pytest

from mdat_data.splits.split import Split


@pytest.mark.parametrize(
    ("sets", "named"),
    [
        ({"train": ("a", "b"), "test": ("b",)}, "got 1 ids in both train and test, such as b$"),
        (
            {"train": ("a", "b"), "validation": ("b", "a")},
            "got 2 ids in both train and validation, such as a$",
        ),
        (
            {"train": ("c",), "test": ("a",), "validation": ("a",)},
            "got 1 ids in both test and validation",
        ),
    ],
)
def test_split_refuses_overlap(sets, named):
    with pytest.raises(ValueError, match=named):
        Split(**sets)
