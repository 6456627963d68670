"""The learning rate of each step of a training."""

from functools import cache

from keras.optimizers.schedules import CosineDecay

WARM_UP = 0.1
"""Fraction of the steps in which the learning rate rises to its highest."""


@cache
def warm_up_and_cosine(highest: float, steps: int) -> tuple[float, ...]:
    """A linear rise in the first steps, then half a cosine down to 0.

    The rates are kept: Keras takes 3 ms for each, and the folds of a corpus have few numbers of
    steps.

    Args:
        highest: The highest learning rate, which the last step of the rise has.
        steps: Number of steps.

    Returns:
        The learning rate of each step.

    Example:
        ```python
        >>> [round(rate, 2) for rate in warm_up_and_cosine(1.0, 5)]
        [1.0, 0.85, 0.5, 0.15, 0.0]

        ```
    """
    rise = max(1, round(WARM_UP * steps))
    schedule = CosineDecay(
        highest / rise,  # at step 0, so that the first step has no rate of 0
        max(1, steps - rise),
        warmup_target=highest,
        warmup_steps=rise - 1,
    )
    return tuple(float(schedule(step)) for step in range(steps))
