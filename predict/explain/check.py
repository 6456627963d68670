"""Checks the explanations of a model on a features file."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from mdat_data import InputError
from mdat_data.cache import FeaturesFile, open_features
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders.logmel import ENERGY, LogMel
from mdat_extract.inputs.audio import load
from mdat_predict.explain.deletion import SEED, Deletion, orders_of, without
from mdat_predict.explain.masking import Masking
from mdat_predict.model import Model
from mdat_predict.scoring.scored import Scored
from mdat_predict.scoring.stored import read


def unseen(work: Iterable[Any], utterances: int) -> Iterable[Any]:
    """Show no progress."""
    return work


def check_explanations(
    model: Model,
    path: Path,
    scored: Scored,
    *,
    root: Path | None = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] = unseen,
) -> Deletion:
    """Remove the frames of each utterance that matter most, the loudest ones, and random ones.

    The loudness of a frame is that of the recording where its folder is known, else the energy
    that `logmel` keeps; other encoders keep none, and no frame is removed for its loudness.

    Args:
        model: The model.
        path: The features file.
        scored: Its scores, made just before: they say which utterances are tested.
        root: Folder of the recordings.
        progress: Shows how far the work is; by default nothing is shown.

    Returns:
        What is predicted without these frames.

    Raises:
        InputError: The model hears no speech, a recording cannot be read, or every utterance is a
            single step long.
    """
    rng = np.random.default_rng(SEED)
    kept: list[int] = []
    whole: list[np.ndarray] = []
    removed: dict[str, list[np.ndarray]] = {}
    with open_features(path) as file:
        work = progress(_maskings(model, file, scored), len(scored.ids))
        for number, (row, masking) in enumerate(work):
            if masking.steps < 2:
                continue
            kept.append(number)
            whole.append(scored.probabilities[number])
            loudness = loudness_of(model, file, row, masking, root)
            orders = orders_of(masking, int(whole[-1].argmax()), loudness, rng)
            for first, of in orders.items():
                removed.setdefault(first, []).append(without(masking, of))
    if not kept:
        raise InputError(
            f"expected utterances of several frames of speech in {path}; got none, so that nothing "
            "can be removed. Check the explanations of a model that hears speech."
        )
    return Deletion(
        classes=scored.classes,
        speakers=tuple(scored.speakers[number] for number in kept),
        truth=scored.truth[kept],
        whole=np.stack(whole),
        removed={first: np.stack(of) for first, of in removed.items()},
        too_short=len(scored.ids) - len(kept),
    )


def _maskings(model: Model, file: FeaturesFile, scored: Scored) -> Iterator[tuple[int, Masking]]:
    """The utterances that were scored, in their order, each with its row."""
    row_of = {id: row for row, id in enumerate(file.ids)}
    for row in (row_of[id] for id in scored.ids):
        features = [read(file, member.description, [row]) for member in model.members]
        yield row, Masking(model, features)


def loudness_of(
    model: Model, file: FeaturesFile, row: int, masking: Masking, root: Path | None
) -> np.ndarray | None:
    """How loud each step of the speech of an utterance is.

    Args:
        model: The model.
        file: The features file.
        row: Of the utterance.
        masking: The utterance.
        root: Folder of the recordings; None where it is not known.

    Returns:
        (steps,): the power of the recording or the logarithm of the energy; None where neither is
        known.
    """
    if root is not None:
        waveform = load(root / file.utterances[row].audio)
        starts = (np.arange(masking.steps) * SAMPLING_RATE / masking.rate).astype(int)
        powers = np.square(waveform, dtype=np.float64)
        starts = np.minimum(starts, len(waveform) - 1)
        counts = np.diff(starts, append=len(waveform))
        return np.asarray(np.add.reduceat(powers, starts) / np.maximum(counts, 1))
    description = model.members[masking.member].description
    if description.streams["speech"].encoder != LogMel.name:
        return None
    [rows] = read(file, description, [row])["speech"]
    return np.asarray(rows[:, ENERGY], np.float32)
