"""A part of a corpus, for one of several machines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mdat_data import InputError


@dataclass(frozen=True)
class Shard:
    """One of several parts of a plan.

    Attributes:
        number: Which, from 1.
        count: Of how many.
    """

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Understand what a user writes.

        Args:
            text: Such as `3/8`.

        Returns:
            The shard.

        Raises:
            InputError: There is no such shard.
        """
        found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", text)
        if not found or int(found[1]) > int(found[2]):
            raise InputError(
                f"expected a shard such as 3/8, from 1/8 to 8/8, but --shard {text} came."
            )
        return cls(int(found[1]), int(found[2]))

    def take(self, plan: Sequence[Sequence[int]]) -> tuple[list[int], list[list[int]]]:
        """Take every `count`-th batch.

        Batches are ordered by length, so the shards are about equally long.

        Args:
            plan: For each batch of the whole the indices of its recordings.

        Returns:
            The indices of the recordings of the shard, ascending, and its batches, which name
            recordings by their places among these.

        Raises:
            InputError: There are fewer batches than shards.

        Example:
            ```python
            >>> Shard(2, 2).take([[3], [0, 2], [4, 1], [5]])
            ([0, 2, 5], [[0, 1], [2]])

            ```
        """
        if self.count > len(plan):
            raise InputError(
                f"expected at most as many shards as there are batches, {len(plan)}, but --shard "
                f"{self.number}/{self.count} came. Make fewer shards, or lower --batch-seconds in "
                "all of them."
            )
        batches = plan[self.number - 1 :: self.count]
        rows = sorted(index for batch in batches for index in batch)
        places = {row: place for place, row in enumerate(rows)}
        return rows, [[places[index] for index in batch] for batch in batches]
