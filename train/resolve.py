"""Options that depend on the files, or on each other, made definite."""

from collections.abc import Sequence
from dataclasses import replace

from mdat_data import InputError
from mdat_data.cache import Cache
from mdat_train.config import TrainConfig
from mdat_train.selection import emotions

ALL = ("all",)


def resolved(config: TrainConfig, caches: Sequence[Cache]) -> TrainConfig:
    """The configuration with nothing left to be decided.

    Args:
        config: As the user gave it.
        caches: The open features files, sources first.

    Returns:
        The same with `classes`, `speech_layer` and `normalize` spelled out.

    Raises:
        InputError: Fewer than two classes are left.
    """
    return replace(
        config,
        classes=_classes(config, caches),
        speech_layer=_speech_layer(config, caches),
        normalize=config.normalize or ("none" if config.preset == "paper" else "train"),
    )


def _classes(config: TrainConfig, caches: Sequence[Cache]) -> tuple[str, ...]:
    classes = config.classes
    if classes == ALL:
        in_every = set.intersection(*(set(emotions(c, dict(config.merge))) for c in caches))
        classes = tuple(sorted(in_every))
    if len(classes) < 2:
        raise InputError(
            "--classes must leave at least two emotions, but leaves "
            f"{', '.join(classes) or 'none'}. Name them, or --merge emotions that mean the same."
        )
    return classes


def _speech_layer(config: TrainConfig, caches: Sequence[Cache]) -> str:
    """The layer asked for, or the middle numbered one that every file holds, or the last."""
    if config.speech_layer is not None:
        return config.speech_layer
    in_every = set.intersection(*(set(c.provenance.speech.layers) for c in caches))
    numbered = sorted((layer for layer in in_every if layer.isdecimal()), key=int)
    if config.preset == "paper" or not numbered:
        return "last"
    return numbered[len(numbered) // 2]
