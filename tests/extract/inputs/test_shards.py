import pytest

from mdat_data import InputError
from mdat_extract.inputs.shards import Shard

PLAN = [[3], [0, 2], [4, 1], [5], [6]]


def test_every_batch_is_in_one_shard() -> None:
    taken = [Shard(number, 3).take(PLAN)[0] for number in (1, 2, 3)]
    assert taken == [[3, 5], [0, 2, 6], [1, 4]]


@pytest.mark.parametrize(("number", "batches"), [(1, [[3], [4, 1], [6]]), (2, [[0, 2], [5]])])
def test_batches_stay_together(number: int, batches: list[list[int]]) -> None:
    rows, plan = Shard(number, 2).take(PLAN)
    assert [[rows[place] for place in batch] for batch in plan] == batches


def test_a_shard_is_read_from_text() -> None:
    assert Shard.parse("3/8") == Shard(3, 8)


@pytest.mark.parametrize(
    "text", ["", "3", "0/8", "9/8", "3/0", "-1/8", "3/8/9", "a/b", "3.0/8", "1/2٣"]
)
def test_text_that_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected a shard such as 3/8"):
        Shard.parse(text)


def test_more_shards_than_batches_are_refused() -> None:
    with pytest.raises(
        InputError, match="expected at most 5 shards, one for each batch, got --shard 1/6"
    ):
        Shard(1, 6).take(PLAN)
