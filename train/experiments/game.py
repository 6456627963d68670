"""Chooses how to adapt without a look at the target: by the same game among the sources.

Each source in turn stands for the target: a few utterances of few speakers are its support set, and
the others are the sources. With one source, each half of its speakers stands for the target of the
other half. The classifier is always the linear one, which takes a moment, and what wins is used for
every model. The default wins unless another is better by more than the standard error of their
difference: a few draws of a few sources tell no finer.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from mdat_data import InputError
from mdat_data.metrics import compute_metrics
from mdat_data.splits.split import Split
from mdat_train.adaptation import DEFAULT, Adaptation, Choice, Setting, Strengths
from mdat_train.classifiers.classifier import Classifier, Epoch, Fitted
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.config import TrainConfig
from mdat_train.inputs.selection import Selection
from mdat_train.splits.folds import by_group
from mdat_train.splits.k_shot import POOL, k_shot, k_shot_by_group

CANDIDATES = (
    Adaptation(name="none"),
    *(
        Adaptation(name="joint", strengths=Strengths(share=share))
        for share in (None, 0.1, 0.2, 0.5)
    ),
    *(Adaptation(name="prior", strengths=Strengths(pull=pull)) for pull in (0.3, 1.0, 3.0)),
)
"""What is chosen from."""

OTHERWISE = Adaptation(name=DEFAULT)
"""What is used where no other is clearly better, or the game cannot be played."""

DRAWS = 3
"""Support sets of each source."""

HALVES = 2


def rounds(source: Selection, *, seed: int) -> Iterator[tuple[str, Selection, Selection]]:
    """What stands for the target in each round: its name, its utterances, and those to train on.

    Args:
        source: The utterances of all sources.
        seed: Decides the halves of a single source.
    """
    files = list(dict.fromkeys(origin.name for origin in source.origins))
    for file in files if len(files) > 1 else ():
        own = np.array([origin.name == file for origin in source.origins])
        ids = np.array(source.ids, object)
        yield file, source.of(ids[own]), source.of(ids[~own])
    if len(files) == 1:
        for number, split in enumerate(by_group(source.utterances, folds=HALVES, seed=seed), 1):
            name = f"half {number} of the speakers of {files[0]}"
            yield name, source.of(split.test), source.of(split.train)


def choose(
    source: Selection, config: TrainConfig, *, shots: int, seed: int
) -> tuple[Adaptation, Choice]:
    """Play the game, and choose a method and its strength.

    Args:
        source: The utterances of all sources, on their scales.
        config: Says how support sets are drawn, and what the linear classifier reads.
        shots: Number of labelled utterances per class of the target.
        seed: Of the draws.

    Returns:
        The method with its strength, and why.
    """
    candidates = _candidates(config.model)
    of_rounds, names, reasons = [], [], []
    try:
        for name, target, others in rounds(source, seed=seed):
            try:
                of_rounds.append(_round(target, others, config, shots, seed))
                names.append(name)
            except InputError as error:
                reasons.append(f"not {name}: {error}")
    except InputError as error:  # a single source of one speaker
        reasons.append(str(error))
    if not of_rounds:
        why_not = "; ".join(reasons)
        return OTHERWISE, Choice(chosen=OTHERWISE.label, scores={}, played_on=why_not)
    uas = np.concatenate(of_rounds)
    best = candidates[clearly_best(uas, default=candidates.index(OTHERWISE))]
    means = uas.mean(axis=0).tolist()
    scores = dict(zip((candidate.label for candidate in candidates), means, strict=True))
    return best, Choice(chosen=best.label, scores=scores, played_on="; ".join([*names, *reasons]))


def clearly_best(uas: np.ndarray, *, default: int) -> int:
    """Find what gains most over the default, less the standard error of the gain.

    Args:
        uas: Of each draw of each round and each candidate, (N, C).
        default: Number of the default.

    Returns:
        Number of a candidate; that of the default where none is better by a standard error.
    """
    gains = uas - uas[:, [default]]
    errors = gains.std(axis=0, ddof=1) / np.sqrt(len(gains))
    leads = gains.mean(axis=0) - errors
    best = int(leads.argmax())
    return best if leads[best] > 0 else default


def _candidates(model: str) -> Sequence[Adaptation]:
    """A pull means the same for the linear classifier alone, and an SVM has no weights to pull."""
    return [c for c in CANDIDATES if model == "linear" or c.name != "prior"]


def _round(
    target: Selection,
    others: Selection,
    config: TrainConfig,
    shots: int,
    seed: int,
) -> np.ndarray:
    """UA of each draw and each candidate, (draws, candidates)."""
    classifier = SklearnClassifier(
        "linear", standardize=config.standardize, modality=config.modality, l2=config.l2
    )
    splits = [_split(target, config, shots, (seed, draw)) for draw in range(DRAWS)]
    fitted = classifier.fit(others, None, seed=seed, callback=_ignore)
    scores = []
    for split in splits:
        setting = Setting(
            classifier=classifier,
            fitted=fitted,
            source=others,
            support=target.of(split.train),
            seed=seed,
            callback=_ignore,
        )
        query = target.of(split.test)
        scores.append([_ua(c.adapt(setting), classifier, query) for c in _candidates(config.model)])
    return np.array(scores)


def _split(target: Selection, config: TrainConfig, shots: int, seed: tuple[int, int]) -> Split:
    """Support and query as in the target; of fewer speakers where the source is small."""
    draw = k_shot_by_group if config.split == "group" else k_shot
    try:
        return draw(target.utterances, shots=shots, seed=seed, pool=max(POOL, shots))
    except InputError:
        return draw(target.utterances, shots=shots, seed=seed, pool=shots)


def _ua(fitted: Fitted, classifier: Classifier, query: Selection) -> float:
    predicted = classifier.predict(fitted, query).argmax(axis=1)
    return compute_metrics(query.labels, predicted, query.classes).ua


def _ignore(epoch: Epoch, epochs: int) -> None:
    """The linear classifier has no epochs."""
