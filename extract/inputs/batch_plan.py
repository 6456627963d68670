"""Which utterances are encoded together, from their lengths alone."""

from collections.abc import Sequence


def plan_batches(
    samples: Sequence[int], ids: Sequence[str], *, max_samples: int
) -> list[list[int]]:
    """Group utterances of similar length.

    The plan depends on nothing but its arguments, so it is the same on every machine and after
    every interruption. The longest come first: what they need is the most that is ever needed, and
    every later batch fits where an earlier one lay. In ascending order the memory of XLS-R-300M
    grows from 1.7 to 3.2 GB in 16 batches, because no block that was freed is large enough.

    Args:
        samples: Length of each utterance.
        ids: Their ids, which decide between equal lengths.
        max_samples: Of a batch, padding included; a longer utterance is a batch of its own.

    Returns:
        Batches of indices, longest utterances first.

    Example:
        ```python
        >>> plan_batches([30, 10, 11, 90], ["a", "b", "c", "d"], max_samples=40)
        [[3], [0], [2, 1]]

        ```
    """
    batches: list[list[int]] = []
    for index in sorted(range(len(samples)), key=lambda i: (-samples[i], ids[i])):
        # The first of a batch is its longest, so it sets the padded length.
        if batches and samples[batches[-1][0]] * (len(batches[-1]) + 1) <= max_samples:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches
