"""Hashed character n-grams of text in any language. Needs no download and no weights."""

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from mdat_extract.encoders.encoder import resolve_layers

DIM = 64
LENGTHS = (1, 2, 3)
"""Lengths of the n-grams, in characters."""


class CharNgram:
    """One row for each word: the signed counts of its character n-grams, hashed to 64 columns.

    The word is put between angle brackets, so that its beginning and its end make n-grams of their
    own. A row has norm 1. A text without words gives a single row of zeros.

    Args:
        layers: Names of layers; only `last` exists, and `middle` means the same.

    Example:
        ```python
        >>> [features] = CharNgram().encode(["Das Tuch liegt"])
        >>> features["last"].shape
        (3, 64)

        ```

    Reference:
        Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009.
    """

    modality = "text"
    name = "char-ngram"
    revision = f"{'-'.join(map(str, LENGTHS))}-grams-{DIM}"
    dim = DIM
    precision = "float32"
    packages: tuple[str, ...] = ()
    max_tokens: int | None = None
    prefix = ""
    causal = False

    def __init__(self, layers: Sequence[str] = ("last",)) -> None:
        self.layers = resolve_layers(layers, depth=0)

    def encode(self, batch: Sequence[str]) -> list[dict[str, np.ndarray]]:
        """Encode texts.

        Args:
            batch: The texts.

        Returns:
            For each text {"last": (words, dim) float32}.
        """
        return [{"last": _rows(text)} for text in batch]

    def tokens(self, text: str) -> tuple[str, ...]:
        """The words in the form whose n-grams are counted, or one empty string for no words.

        Example:
            ```python
            >>> CharNgram().tokens("Das Tuch")
            ('das', 'tuch')

            ```
        """
        return tuple(_words(text)) or ("",)

    def cuts(self, text: str) -> bool:
        """Always False: a text may have any number of words."""
        return False


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFKC", text).casefold().split()


def _rows(text: str) -> np.ndarray:
    return np.stack([_row(word) for word in _words(text)] or [np.zeros(DIM, np.float32)])


def _row(word: str) -> np.ndarray:
    marked = f"<{word}>"
    row = np.zeros(DIM, np.float32)
    for length in LENGTHS:
        for start in range(len(marked) - length + 1):
            column, sign = _column_and_sign(marked[start : start + length])
            row[column] += sign
    norm = np.linalg.norm(row)
    return row / norm if norm else row  # signs may cancel


@lru_cache(maxsize=65_536)
def _column_and_sign(ngram: str) -> tuple[int, int]:
    """Column and sign of an n-gram. They are the same in every process."""
    number = int.from_bytes(hashlib.blake2b(ngram.encode(), digest_size=8).digest(), "little")
    return (number >> 1) % DIM, 1 if number & 1 else -1
