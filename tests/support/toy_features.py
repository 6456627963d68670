"""Toy utterances with features that show their emotion, in memory and as features files."""

import hashlib
import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import caches
import numpy as np

from mdat_data import Utterance
from mdat_data.cache import Features, FeaturesWriter, Provenance, Recording
from mdat_train.inputs.selection import Selection

CLASSES = ("angry", "happy", "neutral", "sad")
SPEECH_DIM, TEXT_DIM = 8, 4


def utterance(id: str, emotion: str, speaker: str, **changed: Any) -> Utterance:
    """One utterance of a speaker who is a group."""
    facts = {"audio": Path(f"{id}.wav"), "group": speaker, "language": "de"} | changed
    return Utterance(id=id, emotion=emotion, speaker=speaker, **facts)


def utterances(
    *, speakers: int, clips: int, classes: Sequence[str] = CLASSES
) -> tuple[Utterance, ...]:
    """Every speaker says every emotion in several utterances, each a sentence with its number."""
    return tuple(
        utterance(f"s{speaker}-{emotion}-{clip}", emotion, f"s{speaker}", transcript=f"say {clip}")
        for speaker, emotion, clip in itertools.product(range(speakers), classes, range(clips))
    )


def groups(part: Collection[str], of: Sequence[Utterance]) -> set[str]:
    """The groups of the utterances with some ids."""
    return {u.group for u in of if u.id in part}


def emotions(part: Collection[str], of: Sequence[Utterance]) -> Counter[str]:
    """Number of utterances of each emotion among those with some ids."""
    return Counter(u.emotion for u in of if u.id in part)


def selection(
    of: Sequence[Utterance] | None = None,
    *,
    classes: tuple[str, ...] = CLASSES,
    separation: float = 3.0,
    seed: int = 0,
) -> Selection:
    """Features of 5 to 12 frames and 2 to 6 tokens whose mean shows the emotion.

    Args:
        of: The utterances; by default four speakers with two utterances of each emotion.
        classes: The emotions.
        separation: Distance of an emotion's mean from 0, in standard deviations of a step.
        seed: Of the noise.
    """
    of = utterances(speakers=4, clips=2, classes=classes) if of is None else tuple(of)
    rng = np.random.default_rng(seed)
    numbers = [classes.index(u.emotion) for u in of]
    return Selection(
        classes=classes,
        utterances=of,
        speech=tuple(_stream(rng, n, SPEECH_DIM, (5, 13), separation) for n in numbers),
        text=tuple(_stream(rng, n, TEXT_DIM, (2, 7), separation) for n in numbers),
    )


def _stream(
    rng: np.random.Generator, number: int, dim: int, lengths: tuple[int, int], separation: float
) -> np.ndarray:
    rows = rng.normal(size=(rng.integers(*lengths), dim))
    rows[:, number % dim] += separation
    return rows.astype(np.float32)


def modality(name: str, **changed: Any) -> Provenance:
    """The provenance of the toy files, with facts of one modality changed."""
    made = replace(getattr(caches.PROVENANCE, name), **changed)
    return replace(caches.PROVENANCE, **{name: made})


def write_features(
    path: Path,
    of: Selection,
    *,
    provenance: Provenance = caches.PROVENANCE,
    order: Sequence[int] | None = None,
) -> Path:
    """Write a features file; its speech layers differ by their number, in scale and place.

    Args:
        path: The file.
        of: The utterances and their features, which are those of the first speech layer.
        provenance: What the file states about how it was made.
        order: Of the rows; by default that of the selection.
    """
    order = range(len(of)) if order is None else order
    recordings = [_recording(of.utterances[row], path) for row in order]
    writer = FeaturesWriter.open(
        path,
        root=Path(),
        recordings=recordings,
        provenance=provenance,
        plan=[range(len(recordings))],
    )
    writer.pending()
    writer.write(0, [_features(of.speech[row], of.text[row], provenance) for row in order])
    writer.assemble()
    return path


def _recording(of: Utterance, path: Path) -> Recording:
    sha256 = hashlib.sha256(f"{path.name} {of.id}".encode()).hexdigest()
    return Recording(utterance=of, duration=1.0, sha256=sha256)


def _features(speech: np.ndarray, text: np.ndarray, provenance: Provenance) -> Features:
    heard = provenance.speech.layers if provenance.speech else ()
    read = provenance.text.layers if provenance.text else ()
    return Features(
        speech={name: (1 + n) * speech + 5 * n for n, name in enumerate(heard)},
        text={name: text + n for n, name in enumerate(read)},
        tokens=("word",) * (len(text) if read else 0),
    )
