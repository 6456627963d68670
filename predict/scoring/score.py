"""Tests a saved model on a labelled corpus: a manifest, a database or a features file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from mdat_data import InputError, Utterance
from mdat_data.cache import FeaturesFile, open_features
from mdat_data.errors import listed
from mdat_predict.config import PredictConfig
from mdat_predict.inputs.sources import Source
from mdat_predict.model import Model
from mdat_predict.prediction import Prediction
from mdat_predict.scoring.scored import Scored
from mdat_predict.scoring.stored import read, refuse_others
from mdat_predict.stages import Failure

ROWS = 256
"""Utterances of a features file that are in memory at once."""

Tested = tuple[Utterance, np.ndarray]
"""A labelled utterance with its probabilities (C,)."""


def score(
    model: Model, given: Path | Sequence[Source], config: PredictConfig, *, label: str = "model"
) -> Scored:
    """Test a model on labelled utterances.

    Args:
        model: The model.
        given: A features file, or the recordings of a manifest or a database.
        config: The choices.
        label: Name of the model in the table.

    Returns:
        The scores.

    Raises:
        InputError: No utterance has an emotion of the model, the features are made in another way,
            or a recording has no label.
    """
    left_out: Counter[str] = Counter()
    failures: dict[str, str] = {}
    warnings: list[str] = []
    if isinstance(given, Path):
        with open_features(given) as file:
            warnings += _learned(model, file)
            tested = list(_of_features(model, file, config, left_out))
    else:
        tested = list(_of_recordings(model, given, config, left_out, failures))
    if not tested:
        raise InputError(
            f"expected labelled utterances of {', '.join(model.classes)}, got none that can be "
            f"used ({listed(f'{number} {reason}' for reason, number in left_out.items())}). Score "
            "a corpus that has some."
        )
    utterances = [utterance for utterance, _ in tested]
    return Scored(
        label=label,
        classes=model.classes,
        ids=tuple(u.id for u in utterances),
        speakers=tuple(u.speaker for u in utterances),
        truth=np.array([model.classes.index(_emotion(model, u)) for u in utterances]),
        probabilities=np.stack([probabilities for _, probabilities in tested]),
        left_out=left_out,
        failures=failures,
        distances=_distances(model),
        warnings=tuple(warnings),
    )


def _of_features(
    model: Model, file: FeaturesFile, config: PredictConfig, left_out: Counter[str]
) -> Iterator[Tested]:
    for member in model.members:
        refuse_others(file, member.description)
    rows = [r for r, u in enumerate(file.utterances) if _usable(model, u, left_out)]
    parts = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    model.forget_scales(rescale=config.rescale)
    if config.rescale:
        for part in parts:
            for member in model.members:
                member.note(read(file, member.description, part))
    for part in parts:
        found = model.averaged(
            member.probabilities(read(file, member.description, part)) for member in model.members
        )
        yield from zip((file.utterances[row] for row in part), found, strict=True)


def _of_recordings(
    model: Model,
    given: Iterable[Source],
    config: PredictConfig,
    left_out: Counter[str],
    failures: dict[str, str],
) -> Iterator[Tested]:
    usable = [source for source in given if _usable(model, _labelled(source), left_out)]
    whole = (o for o in model.outcomes(usable, config) if isinstance(o, Prediction | Failure))
    for source, outcome in zip(usable, whole, strict=True):
        if isinstance(outcome, Failure):
            failures[outcome.recording] = outcome.reason
        elif summary := outcome.summary():
            yield _labelled(source), np.array(summary.probabilities)
        else:
            left_out["without speech"] += 1


def _labelled(source: Source) -> Utterance:
    if source.utterance is None:
        raise InputError(
            f"--score needs recordings with their emotions; got {source.name}, of which nothing is "
            "known. List the recordings in a manifest (.csv or .tsv) with the column emotion."
        )
    return source.utterance


def _emotion(model: Model, utterance: Utterance) -> str:
    """The emotion of an utterance after merging, as the model learned it; empty if unlabelled."""
    emotion = utterance.emotion or ""
    return model.members[0].description.merged.get(emotion, emotion)


def _usable(model: Model, utterance: Utterance, left_out: Counter[str]) -> bool:
    emotion = _emotion(model, utterance)
    if emotion in model.classes:
        return True
    left_out[f"of {emotion}, which the model does not know" if emotion else "unlabelled"] += 1
    return False


def _learned(model: Model, file: FeaturesFile) -> Iterator[str]:
    for of in (member.description for member in model.members):
        if file.digest in of.digests:
            yield f"{of.folder} learned from {file.path}: these scores are no test of it"


def _distances(model: Model) -> dict[str, float]:
    """Of each stream that has an effect, the largest of all members."""
    found: dict[str, float] = {}
    for member in model.members:
        for name, distance in member.scales.distances().items():
            if name not in member.description.ignored:
                found[name] = max(distance, found.get(name, 0.0))
    return found
