"""The protocol of the encoders, and the names of their layers."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np

from mdat_data import InputError

Input = TypeVar("Input", contravariant=True)


class Encoder(Protocol[Input]):
    """Turns utterances into arrays. It neither reads nor writes files.

    Attributes:
        modality: `speech` or `text`.
        name: Id of the model, name of its folder, or name of an encoder of ours.
        revision: The commit, or a checksum of the weights or of the encoder's constants.
        layers: Names of the returned layers: `last` or numbers of hidden states.
        dim: Width of the features.
        precision: Precision of the computation.
        packages: Python packages whose versions may change the features.
    """

    modality: str
    name: str
    revision: str
    layers: tuple[str, ...]
    dim: int
    precision: str
    packages: tuple[str, ...]

    def encode(self, batch: Sequence[Input]) -> list[dict[str, np.ndarray]]:
        """Encode utterances. The result for one does not depend on the others.

        Args:
            batch: The utterances.

        Returns:
            For each utterance its features by layer, (steps, dim) float32.
        """


class SpeechEncoder(Encoder[np.ndarray], Protocol):
    """Encodes waveforms, (samples,) float32 at 16 kHz.

    Attributes:
        frames_per_second: Number of steps per second of audio.
    """

    frames_per_second: float


class TextEncoder(Encoder[str], Protocol):
    """Encodes texts.

    Attributes:
        max_tokens: Largest number of tokens; longer texts are cut. None for no limit.
        prefix: What is put before every text.
        causal: Whether a token sees only the tokens before it.
    """

    max_tokens: int | None
    prefix: str
    causal: bool

    def tokens(self, text: str) -> tuple[str, ...]:
        """The token of each row that `encode` gives for a text."""

    def cuts(self, text: str) -> bool:
        """Whether a text has more tokens than `max_tokens`, so that its end is cut."""


def resolve_layers(layers: Sequence[str], depth: int) -> tuple[str, ...]:
    """Give every layer the name under which it is stored.

    Args:
        layers: `last`, `middle`, or the number of a hidden state.
        depth: Number of hidden layers. An encoder without hidden layers has only `last`, which is
            also its middle.

    Returns:
        `last` and numbers, each once, in the given order.

    Raises:
        InputError: There is no such layer.

    Example:
        ```python
        >>> resolve_layers(["middle", "last"], depth=24)
        ('12', 'last')
        >>> resolve_layers(["middle", "last"], depth=0)
        ('last',)

        ```
    """
    numbers = [str(number) for number in range(depth + 1)] if depth else []
    middle = str(depth // 2) if depth else "last"
    resolved = tuple(dict.fromkeys(middle if layer == "middle" else layer for layer in layers))
    unknown = [layer for layer in resolved if layer not in ("last", *numbers)]
    if unknown or not resolved:
        valid = f"last, middle or a number from 0 to {depth}" if depth else "last"
        raise InputError(
            f"expected a layer of this encoder, which is {valid}, got "
            f"{', '.join(map(repr, unknown)) or 'none'}. Choose one of these."
        )
    return resolved
