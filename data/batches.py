"""Batches of padded features: the only place that pads."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

POOL = 8
"""Number of batches in a pool of utterances that are sorted by length."""

Inputs = dict[str, np.ndarray]
"""A model's inputs by name: features (B, T, D) of each stream, and its mask (B, T)."""


class Rows(Protocol):
    """Features (T, D) of one utterance: an array, or what numpy can turn into one."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(T, D)."""

    def __len__(self) -> int: ...

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray: ...


def shuffled_by_length(
    lengths: Sequence[int], rng: np.random.Generator, *, size: int
) -> np.ndarray:
    """Return a random order in which utterances of similar length share a batch.

    Utterances are shuffled and sorted by length within pools of a few batches; then the batches are
    shuffled. The utterances of a batch therefore differ in every epoch, with little padding.

    Args:
        lengths: Number of steps of each utterance, (N,).
        rng: Random generator for shuffling.
        size: Batch size.

    Returns:
        Indices of the utterances, (N,).
    """
    steps = np.asarray(lengths)
    order = rng.permutation(len(steps))
    pools = np.split(order, range(POOL * size, len(order), POOL * size))
    by_length = np.concatenate([pool[np.argsort(steps[pool], kind="stable")] for pool in pools])
    full, rest = np.split(by_length, [len(order) // size * size])
    return np.concatenate([rng.permutation(full.reshape(-1, size)).ravel(), rest])


def batches(
    streams: Mapping[str, Sequence[Rows]], order: Sequence[int] | np.ndarray, *, size: int
) -> Iterator[tuple[np.ndarray, Inputs]]:
    """Pad utterances into batches. Each stream is as long as its longest utterance in the batch.

    Args:
        streams: Name of a stream -> the features (T, D) of every utterance.
        order: Indices of the utterances, batched in this order.
        size: Batch size; the last batch may be smaller.

    Yields:
        The indices of the batch (B,), and for each stream `<name>` (B, T, D) float32 and
        `<name>_mask` (B, T) bool, True = real.

    Example:
        >>> speech = [np.ones((3, 1)), np.ones((2, 1))]
        >>> [(rows, inputs)] = batches({"speech": speech}, [1, 0], size=2)
        >>> inputs["speech_mask"].tolist()
        [[True, True, False], [True, True, True]]
    """
    for start in range(0, len(order), size):
        indices = np.asarray(order[start : start + size])
        inputs: Inputs = {}
        for name, stream in streams.items():
            inputs[name], inputs[f"{name}_mask"] = _padded([stream[index] for index in indices])
        yield indices, inputs


def _padded(rows: Sequence[Rows]) -> tuple[np.ndarray, np.ndarray]:
    """Zero-padded features (B, T, D) and their mask (B, T)."""
    steps = max(len(r) for r in rows)
    padded = np.zeros((len(rows), steps, rows[0].shape[-1]), np.float32)
    mask = np.zeros((len(rows), steps), bool)
    for row, features in enumerate(rows):
        padded[row, : len(features)] = features
        mask[row, : len(features)] = True
    return padded, mask
