import pytest

from mdat_data.errors import listed


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, ""),
        (1, "0"),
        (10, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"),
        (11, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 1 more"),
        (14, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 4 more"),
    ],
)
def test_the_first_ten_are_listed_and_the_rest_is_counted(number: int, text: str) -> None:
    assert listed(str(item) for item in range(number)) == text


def test_the_count_of_the_rest_has_a_line_of_its_own_where_items_have() -> None:
    assert listed("abc", shown=2, separator="\n  ") == "a\n  b\n  and 1 more"
    assert listed("abc", shown=2, separator="; ") == "a; b and 1 more"
