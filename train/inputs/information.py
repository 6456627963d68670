"""Leaves out streams without information, such as the text of a corpus without transcripts."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from mdat_data import InputError
from mdat_train.inputs.deferred import Deferred, Features
from mdat_train.inputs.selection import Selection, streams_of

NEARLY = 0.01
"""Utterances whose features differ by less than this part of their size are the same: rounding to
float16 changes a value by 0.001 of itself at most, another word by more than its size."""

LOOKED_AT = 20
"""Number of utterances of a file that show the size of its features."""


def uninformative(
    source: Sequence[Selection], target: Selection | None, *, modality: str
) -> tuple[str, ...]:
    """Find the streams that have the same features in every utterance of the source.

    A model cannot learn from them. What it would make of other features of the target is noise.

    Args:
        source: What is trained on.
        target: What is tested on; None within a corpus.
        modality: `both`, or the one stream that is used.

    Returns:
        Names of used streams.

    Raises:
        InputError: None of the used streams has information.
    """
    used = streams_of(modality)
    found = tuple(
        name
        for name in used
        if _all_alike(
            [rows for selection in source for rows in getattr(selection, name)],
            getattr(target, name) if target else (),
        )
    )
    if found == used:
        raise InputError(
            f"--modality {modality} must use features that differ between utterances; got the same "
            f"{' and '.join(found)} features for all of the source. Use another --modality, or "
            "make the features file again, for text with transcripts."
        )
    return found


def warning(stream: str, source: Sequence[Selection]) -> str:
    """The sentence about a stream that is left out."""
    way_out = " (mdat-extract --transcripts or --asr adds transcripts)" if stream == "text" else ""
    return (
        f"{stream} is left out: all {sum(map(len, source))} utterances of the source have the same "
        f"{stream} features{way_out}"
    )


def without(selection: Selection, streams: Sequence[str]) -> Selection:
    """Replace streams by a single row of zeros for every utterance.

    Args:
        selection: Any utterances.
        streams: Names of streams.

    Returns:
        The same utterances.
    """
    empty: dict[str, Any] = {}
    for name in streams:
        first = getattr(selection, name)[0]
        zeros = np.zeros((1, first.shape[1]), first.dtype)
        row = Deferred(partial(np.copy, zeros), zeros.shape, zeros.dtype)
        empty[name] = (row,) * len(selection)
    return replace(selection, **empty)


def _all_alike(source: Sequence[Features], target: Sequence[Features]) -> bool:
    """Whether the features of all utterances of the source are nearly the same."""
    first, *others = source
    one = np.asarray(first, np.float64)
    allowed = NEARLY * max(_size(source), _size(target))
    return all(_difference(one, np.asarray(other, np.float64)) <= allowed for other in others)


def _size(rows: Sequence[Features]) -> float:
    """Root mean square of all features of the first utterances."""
    squares = [np.mean(np.asarray(r, np.float64) ** 2) for r in rows[:LOOKED_AT]]
    return float(np.sqrt(max(squares, default=0)))


def _difference(one: np.ndarray, other: np.ndarray) -> float:
    """Root mean square difference of features (T, D); the shorter keeps its last step."""
    steps = np.arange(max(len(one), len(other)))
    pair = (rows[np.minimum(steps, len(rows) - 1)] for rows in (one, other))
    return float(np.sqrt(np.mean(np.subtract(*pair) ** 2)))
