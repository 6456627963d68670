"""What every encoder has, and how its layers are named."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np

from mdat_data import InputError

Input = TypeVar("Input", contravariant=True)


class Encoder(Protocol[Input]):
    """Turns utterances into arrays; it knows no disk.

    Attributes:
        name: The model's id, the name of a model's folder, or the name of an encoder of ours.
        revision: The commit, or a digest of the weights or of the encoder's settings.
        layers: What is returned: `last` or the numbers of hidden states.
        dim: Width of the features.
        precision: Of the computation.
        packages: Whose versions the numbers may depend on.
    """

    name: str
    revision: str
    layers: tuple[str, ...]
    dim: int
    precision: str
    packages: tuple[str, ...]

    def encode(self, batch: Sequence[Input]) -> list[dict[str, np.ndarray]]:
        """Encode utterances; the result for one does not depend on the others.

        Args:
            batch: The utterances.

        Returns:
            For each utterance its features by layer, (steps, dim) float32.
        """


class SpeechEncoder(Encoder[np.ndarray], Protocol):
    """Takes waveforms, (samples,) float32 at 16 kHz.

    Attributes:
        frames_per_second: Steps per second of audio.
    """

    frames_per_second: float


class TextEncoder(Encoder[str], Protocol):
    """Takes texts.

    Attributes:
        max_tokens: Longer texts are cut; None without a limit.
    """

    max_tokens: int | None

    def tokens(self, text: str) -> tuple[str, ...]:
        """What stands behind each row that `encode` gives for a text."""

    def cuts(self, text: str) -> bool:
        """Whether a text is longer than the encoder takes, so that its end is lost."""


def resolve_layers(asked: Sequence[str], depth: int) -> tuple[str, ...]:
    """Give every layer the name under which it is stored.

    Args:
        asked: `last`, `middle`, or the number of a hidden state.
        depth: Number of hidden layers; an encoder with none has only `last`, which is also its
            middle.

    Returns:
        `last` and numbers, each once, in the order asked for.

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
    resolved = tuple(dict.fromkeys(middle if layer == "middle" else layer for layer in asked))
    unknown = [layer for layer in resolved if layer not in ("last", *numbers)]
    if unknown or not resolved:
        valid = f"last, middle, or a number from 0 to {depth}" if depth else "last"
        raise InputError(
            f"there is no layer {', '.join(unknown) or '(none was named)'} in this encoder; its "
            f"layers are: {valid}."
        )
    return resolved
