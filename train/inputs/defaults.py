"""Options that depend on the files, or on each other, made definite."""

from collections.abc import Sequence
from dataclasses import replace

from mdat_data import InputError
from mdat_data.cache import Cache
from mdat_train.config import LEARNING_RATES, TrainConfig
from mdat_train.inputs.selection import emotions

ALL = ("all",)


def resolved(config: TrainConfig, caches: Sequence[Cache]) -> TrainConfig:
    """The configuration with nothing left to be decided.

    Args:
        config: As the user gave it.
        caches: The open features files, sources first.

    Returns:
        The same with classes, layer, learning rates and normalisation spelled out.

    Raises:
        InputError: Fewer than two classes are left, or an option would have no effect.
    """
    _check_effect(config, caches)
    rate = config.learning_rate or LEARNING_RATES.get(config.model)
    return replace(
        config,
        classes=_classes(config, caches),
        speech_layer=_speech_layer(config, caches),
        learning_rate=rate,
        adapt_learning_rate=config.adapt_learning_rate or rate,
        normalize=config.normalize or ("none" if config.preset == "paper" else "train"),
    )


def _check_effect(config: TrainConfig, caches: Sequence[Cache]) -> None:
    if any(config.shots) and config.target is None:
        raise InputError(
            "--shots are clips of a target, but there is no --target. Name its features file, or "
            "leave --shots out to test the source within itself."
        )
    if config.split == "80-20" and config.target is not None:
        raise InputError(
            "--split 80-20 divides a corpus within itself, but there is a --target. Use group or "
            "random, which say whose clips are learned from in k-shot."
        )
    if config.disable and config.model != "mdat":
        raise InputError(
            f"--disable speaks of the modules of mdat, but --model is {config.model}. "
            "Leave one of them out."
        )
    present = {u.emotion for cache in caches for u in cache.utterances}
    for emotion, into in config.merge:
        if emotion not in present:
            raise InputError(
                f"--merge {emotion}={into}: no file has {emotion}; there are "
                f"{', '.join(sorted(present))}."
            )
        if into not in config.classes and config.classes != ALL:
            raise InputError(
                f"--merge {emotion}={into}: {into} is not one of --classes "
                f"({', '.join(config.classes)}). Add it there, or leave the merger out."
            )


def _classes(config: TrainConfig, caches: Sequence[Cache]) -> tuple[str, ...]:
    classes = tuple(dict.fromkeys(config.classes))
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
    return numbered[(len(numbered) - 1) // 2]
