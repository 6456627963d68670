"""The features of a features file, each read when it is used."""

import sys
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from mdat_data.cache import FeaturesFile
from mdat_data.steps import averaged
from mdat_train.inputs.deferred import Deferred, Features

STREAMS_KEPT = 32
"""Streams of features files of which a process keeps what was computed once: of each file, and way
to read it, two. Mean and standard deviation of 1,440 utterances of 1,024 features take 24 MB."""

NOT_ENCODED = np.zeros((1, 1), np.float32)
"""Stands for the features of a stream that the file does not have. The models have an input for
each stream, and ignore that of a stream that they do not use."""


def stored(
    cache: FeaturesFile,
    modality: str,
    layers: Sequence[Any],
    rows: Sequence[int],
    *,
    steps: int = sys.maxsize,
    stride: int = 1,
) -> tuple[Features, ...]:
    """The features of some utterances.

    Args:
        cache: The file, which must stay open while the features are read.
        modality: `speech` or `text`.
        layers: Stored layers, which lie side by side in the result.
        rows: Rows of the utterances.
        steps: Longer utterances are cropped to this number of stored steps.
        stride: Number of neighbouring steps that become one, see `averaged`.

    Returns:
        For each utterance its features (T, D).

    Raises:
        InputError: A layer is not stored.
    """
    if getattr(cache.provenance, modality) is None:
        return (NOT_ENCODED,) * len(rows)

    def read(row: int, steps: int = steps) -> np.ndarray:
        of_layers = [cache.read(modality, layer, row, steps=steps) for layer in layers]
        return averaged(np.concatenate(of_layers, axis=-1), stride)

    one = read(rows[0], 1)  # gives width and type, and fails where a layer is missing
    lengths = [-(-min(length, steps) // stride) for length in cache.lengths(modality).tolist()]
    memos = _memos(cache.digest, modality, tuple(layers), steps, stride)
    return tuple(
        Deferred(partial(read, row), (lengths[row], one.shape[-1]), one.dtype, memos[row])
        for row in rows
    )


@lru_cache(STREAMS_KEPT)
def _memos(
    digest: str, modality: str, layers: tuple[Any, ...], steps: int, stride: int
) -> defaultdict[int, dict[str, np.ndarray]]:
    """The memo of every row: the same for all runs of this process that read the same features."""
    return defaultdict(dict)
