"""Shards: parts of a corpus that several machines encode."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mdat_data import InputError


@dataclass(frozen=True)
class Shard:
    """One part of a batch plan.

    Attributes:
        number: Number of this shard, from 1.
        count: Number of all shards.
    """

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read a shard such as `3/8`.

        Args:
            text: Number of the shard, a slash and the number of all shards.

        Returns:
            The shard.

        Raises:
            InputError: The text has another form, or the number is too large.
        """
        found = re.fullmatch(r"([1-9][0-9]*)/([1-9][0-9]*)", text)
        if not found or int(found[1]) > int(found[2]):
            raise InputError(
                f"expected a shard such as 3/8 (1/8 to 8/8 for eight shards), got --shard {text}."
            )
        return cls(int(found[1]), int(found[2]))

    def take(self, plan: Sequence[Sequence[int]]) -> tuple[list[int], list[list[int]]]:
        """Take every `count`-th batch.

        Batches are ordered by length, so all shards have about the same length.

        Args:
            plan: The batch plan of the whole corpus: for each batch the indices of its recordings.

        Returns:
            The indices of the recordings of the shard, ascending; and the batch plan of the shard,
            whose indices point into them.

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
                f"expected at most {len(plan)} shards, one for each batch, got --shard "
                f"{self.number}/{self.count}. Make fewer shards, or lower --batch-seconds for all "
                "of them."
            )
        batches = plan[self.number - 1 :: self.count]
        rows = sorted(index for batch in batches for index in batch)
        places = {row: place for place, row in enumerate(rows)}
        return rows, [[places[index] for index in batch] for batch in batches]
