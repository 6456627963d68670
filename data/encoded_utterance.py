"""One utterance of an open features file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mdat_data.utterance import Utterance


class StoredLayers(Mapping[str, np.ndarray]):
    """The features of one utterance in one modality, by layer; read when they are used.

    Args:
        names: Names of the layers.
        read: Reads a layer, (steps, dim).
    """

    def __init__(self, names: Sequence[str], read: Callable[[str], np.ndarray]) -> None:
        self._names = names
        self._read = read

    def __getitem__(self, layer: str) -> np.ndarray:
        return self._read(layer)

    def __contains__(self, layer: object) -> bool:
        return layer in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<layers {', '.join(self._names)}>"


@dataclass(frozen=True, kw_only=True)
class EncodedUtterance:
    """One utterance of an open features file, with its features.

    Attributes:
        utterance: The record of the utterance.
        duration: Duration of the recording, in seconds.
        speech_length: Number of steps of the speech features; 0 where there are none.
        text_length: Number of steps of the text features; likewise.
        speech: Layer -> features (speech_length, dim), read from the file when they are used.
        text: Layer -> features (text_length, dim), likewise.
    """

    utterance: Utterance
    duration: float
    speech_length: int
    text_length: int
    speech: StoredLayers
    text: StoredLayers
    _read_tokens: Callable[[], tuple[str, ...]] = field(repr=False)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The token of each step of the text features, read from the file."""
        return self._read_tokens()
