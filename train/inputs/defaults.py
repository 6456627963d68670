"""Resolves the options that depend on the features files, or on each other."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from mdat_data import InputError
from mdat_data.cache import FeaturesFile
from mdat_data.errors import listed, meant
from mdat_train.adaptation import DEFAULT, OF_PAPER, reads
from mdat_train.classifiers.models import MODELS
from mdat_train.config import STRENGTHS, TrainConfig
from mdat_train.inputs.selection import emotions

ALL = ("all",)

SLOWER = 0.1
"""Of MDAT, 256 wide, between EMO-DB and nEMO, on log-mel with 5 utterances per class, `joint` has a
mean UA of 55.8 % at this part of the learning rate, and of 52.6 % at all of it."""

STEPS_PER_SECOND = 12.5
"""Of a network. Within EMO-DB and nEMO, 25 give the same accuracy on average, and half as many make
MDAT worse (benchmarks/README.md)."""

L2_OF_TRANSFER = 0.03
"""Between EMO-DB and nEMO on log-mel, of 0.03, 0.1, 0.3 and one by the number of utterances."""


def resolved(config: TrainConfig, caches: Sequence[FeaturesFile]) -> TrainConfig:
    """Replace every option that is None by the value that it stands for.

    Args:
        config: As the user gave it.
        caches: The open features files, sources first.

    Returns:
        The configuration with classes, layers, stride, learning rates and normalisation filled in.

    Raises:
        InputError: Fewer than two classes are left, or an option would have no effect.
    """
    config = resolved_alone(config)
    _check_effect(config, caches)
    return replace(
        config,
        modality=_modality(config, caches),
        classes=_classes(config, caches),
        speech_layer=_speech_layer(config, caches),
        text_layer=_text_layer(config, caches),
        frame_stride=config.frame_stride or _frame_stride(config, caches),
    )


def resolved_alone(config: TrainConfig) -> TrainConfig:
    """Replace every option that is None, and depends on other options alone, by its value.

    Args:
        config: As the user gave it.

    Returns:
        The configuration with adaptation, learning rates, normalisation and penalty filled in.
    """
    config = replace(config, adaptation=_adaptation(config))
    config = replace(config, normalize=config.normalize or _normalize(config))
    rate = config.learning_rate or MODELS[config.model].rate_of(config.preset)
    return replace(
        config,
        learning_rate=rate,
        adapt_learning_rate=config.adapt_learning_rate or _slower(config, rate),
        l2=config.l2 or _l2(config),
        **_strengths(config),
    )


def _adaptation(config: TrainConfig) -> str:
    return config.adaptation or (OF_PAPER if config.preset == "paper" else DEFAULT)


def _normalize(config: TrainConfig) -> str:
    """A target that is adapted to by more than the paper's method has a scale of its own."""
    if config.preset == "paper":
        return "none"
    return "corpus" if config.target and config.adaptation != OF_PAPER else "train"


def _slower(config: TrainConfig, rate: float | None) -> float | None:
    """A network that adapts at its full rate forgets the source; the paper's does."""
    return rate if rate is None or config.adaptation == OF_PAPER else SLOWER * rate


def _l2(config: TrainConfig) -> float | None:
    """On scales of their own, corpora differ less, and what they share is learned better."""
    own_scales = config.normalize not in ("none", "train")
    return L2_OF_TRANSFER if config.has_linear and config.target and own_scales else None


def _check_effect(config: TrainConfig, caches: Sequence[FeaturesFile]) -> None:
    if any(config.shots) and config.target is None:
        raise InputError(
            "--shots are labelled utterances of a target, but --target is missing. Name its "
            "features file, or leave --shots out to test within the source."
        )
    if config.split == "80-20" and config.target is not None:
        raise InputError(
            "--split 80-20 divides a corpus within itself, but there is a --target. Use group or "
            "random, which divide the target into support and query."
        )
    if config.disable and config.model != "mdat":
        raise InputError(
            f"--disable switches off modules of mdat, but --model is {config.model}. "
            "Leave one of them out."
        )
    if config.model_options and not MODELS[config.model].has_epochs:
        raise InputError(
            f"--set changes fields of a network's configuration, but --model is {config.model}, "
            "which has none. Leave one of them out."
        )
    if config.normalize == "support" and config.target is None:
        raise InputError(
            "--normalize support takes the statistics of labelled utterances of a target, but "
            "--target is missing. Use train, corpus or speaker within a corpus."
        )
    if config.l2 is not None and not config.has_linear:
        raise InputError(
            f"--l2 is the penalty of the linear classifier, but {config.model} has none with these "
            "options. Leave --l2 out, or use --model linear, or mdat with --preset base."
        )
    _check_strengths(config)
    present = {u.emotion for cache in caches for u in cache.utterances if u.emotion}
    for emotion, into in config.merge:
        if emotion not in present:
            raise InputError(
                f"--merge {emotion}={into}: no file has {emotion}{meant(emotion, present)}; the "
                f"emotions are {listed(sorted(present))}."
            )
        if into not in config.classes and config.classes != ALL:
            raise InputError(
                f"--merge {emotion}={into}: {into} is not one of --classes "
                f"({listed(config.classes)}). Add it there, or leave --merge out."
            )


def _check_strengths(config: TrainConfig) -> None:
    where = f"with --adaptation {config.adaptation}" if config.target else "without --target"
    for field in STRENGTHS:
        if getattr(config, field) is not None and field not in _strengths(config):
            raise InputError(
                f"--{field.replace('_', '-')} has no effect {where}. Leave it out, or use a method "
                "that reads it (mdat-train --help)."
            )


def _strengths(config: TrainConfig) -> dict[str, Any]:
    """The strengths that the method of adaptation reads, by their fields."""
    if config.target is None:
        return {}
    used = reads(config.adapted_by.name)
    values = asdict(config.adapted_by.strengths)
    return {field: values[name] for field, name in STRENGTHS.items() if name in used}


def _modality(config: TrainConfig, caches: Sequence[FeaturesFile]) -> str:
    """The streams that are used: those that were encoded, where both are wanted."""
    first, encoded = caches[0], caches[0].provenance.modalities  # equal in all files
    if config.modality not in ("both", *encoded):
        raise InputError(
            f"--modality {config.modality} uses a stream that is not in {first.path}, which was "
            f"made with --{config.modality}-encoder none. Use --modality {encoded[0]}, or make the "
            "file again with an encoder."
        )
    return config.modality if len(encoded) > 1 else encoded[0]


def _classes(config: TrainConfig, caches: Sequence[FeaturesFile]) -> tuple[str, ...]:
    classes = tuple(dict.fromkeys(config.classes))
    if classes == ALL:
        in_every = set.intersection(*(set(emotions(c, dict(config.merge))) - {""} for c in caches))
        classes = tuple(sorted(in_every))
    if len(classes) < 2:
        raise InputError(
            "--classes must leave at least two emotions; got "
            f"{', '.join(classes) or 'none'}. Name them, or --merge emotions that mean the same."
        )
    return classes


def _speech_layer(config: TrainConfig, caches: Sequence[FeaturesFile]) -> str:
    """The layer of `--speech-layer`, or the middle number that every file has, or the last."""
    if config.speech_layer is not None:
        return config.speech_layer
    in_every = _layers(caches, "speech")
    numbered = _numbered(in_every)
    if config.preset == "paper" or not numbered:
        return "last"
    return numbered[(len(numbered) - 1) // 2]


def _text_layer(config: TrainConfig, caches: Sequence[FeaturesFile]) -> str:
    """The layer of `--text-layer`, or the last, or the highest number that every file has."""
    if config.text_layer is not None:
        return config.text_layer
    in_every = _layers(caches, "text")
    numbered = _numbered(in_every)
    return "last" if "last" in in_every or not numbered else numbered[-1]


def _frame_stride(config: TrainConfig, caches: Sequence[FeaturesFile]) -> int:
    """What leaves a network `STEPS_PER_SECOND`; fewer steps save the other models nothing."""
    speech = caches[0].provenance.speech  # equal in all files
    if config.preset == "paper" or not MODELS[config.model].has_epochs or speech is None:
        return 1
    return max(1, round((speech.frames_per_second or 0) / STEPS_PER_SECOND))


def _layers(caches: Sequence[FeaturesFile], modality: str) -> set[str]:
    """The layers that every file has; none of a stream that was not encoded."""
    made = [getattr(cache.provenance, modality) for cache in caches]
    return set.intersection(*(set(of_one.layers if of_one else ()) for of_one in made))


def _numbered(layers: set[str]) -> list[str]:
    return sorted((layer for layer in layers if layer.isdecimal()), key=int)
