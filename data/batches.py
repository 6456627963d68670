"""Batches: the only place that pads."""

from collections.abc import Iterator, Sequence

import numpy as np

from mdat_train.deferred import Features
from mdat_train.selection import Selection

POOL = 8
"""Batches whose utterances are sorted by length together."""

Inputs = dict[str, np.ndarray]


def shuffled(selection: Selection, rng: np.random.Generator, *, size: int) -> np.ndarray:
    """A random order in which utterances of similar length share a batch.

    Utterances are shuffled, sorted by the length of their speech within pools of a few batches,
    and the batches are shuffled: what shares a batch changes from epoch to epoch, and less is
    padded.

    Args:
        selection: The utterances.
        rng: Of the shuffling.
        size: Utterances of a batch.

    Returns:
        Rows of the selection, (N,).
    """
    lengths = np.array([len(rows) for rows in selection.speech])
    order = rng.permutation(len(selection))
    pools = np.split(order, range(POOL * size, len(order), POOL * size))
    by_length = np.concatenate([pool[np.argsort(lengths[pool], kind="stable")] for pool in pools])
    full, rest = np.split(by_length, [len(order) // size * size])
    return np.concatenate([rng.permutation(full.reshape(-1, size)).ravel(), rest])


def batches(
    selection: Selection, order: Sequence[int] | np.ndarray, *, size: int
) -> Iterator[tuple[np.ndarray, Inputs]]:
    """Batches of a selection, each stream trimmed to the longest of its batch.

    Args:
        selection: The utterances.
        order: Rows of the selection, batched in this order.
        size: Utterances of a batch; the last may be smaller.

    Yields:
        The rows of the batch (B,), and the model's inputs: `speech` (B, T_s, D_s) float32,
        `speech_mask` (B, T_s) bool, True = real, `text` and `text_mask` likewise.
    """
    for start in range(0, len(order), size):
        rows = np.asarray(order[start : start + size])
        speech, speech_mask = _padded([selection.speech[row] for row in rows])
        text, text_mask = _padded([selection.text[row] for row in rows])
        yield (
            rows,
            {"speech": speech, "speech_mask": speech_mask, "text": text, "text_mask": text_mask},
        )


def _padded(rows: Sequence[Features]) -> tuple[np.ndarray, np.ndarray]:
    """Zero-padded features (B, T, D) and their mask (B, T)."""
    steps = max(len(r) for r in rows)
    padded = np.zeros((len(rows), steps, rows[0].shape[-1]), np.float32)
    mask = np.zeros((len(rows), steps), bool)
    for row, features in enumerate(rows):
        padded[row, : len(features)] = features
        mask[row, : len(features)] = True
    return padded, mask
