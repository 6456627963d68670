"""The record of a split."""

from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, kw_only=True)
class Split:
    """Ids of the utterances of each set.

    Attributes:
        train: The training set; in k-shot the support set.
        test: The test set; in k-shot the query set.
        validation: The validation set, which decides when to stop early.

    Raises:
        ValueError: An id is in two sets.
    """

    train: tuple[str, ...]
    test: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        sets = {name: set(getattr(self, name)) for name in ("train", "test", "validation")}
        for (a, ids), (b, others) in combinations(sets.items(), 2):
            if both := sorted(ids & others):
                raise ValueError(
                    f"the sets of a split must not overlap; got {len(both)} ids in both {a} and "
                    f"{b}, such as {both[0]}"
                )
