"""Scores of groups of people, such as women and men, and the largest gap between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mdat_data.metrics import Interval, MeanStd, Tested, compute_metrics, ua_interval
from mdat_train.runs.condition import Condition
from mdat_train.runs.predictions import Predictions
from mdat_train.runs.run import Run


@dataclass(frozen=True, kw_only=True)
class Group:
    """The scores of the test utterances that share a value of a fact.

    Attributes:
        value: Such as `female`.
        speakers: Number of its test speakers.
        ua: Unweighted accuracy, over seeds and draws.
        interval: Of the mean UA, by bootstrap over speakers; None where there is none.
        missing: Classes without a test utterance of the group, which its UA leaves out.
    """

    value: str
    speakers: int
    ua: MeanStd
    interval: Interval | None
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """The scores of all groups of one condition.

    Attributes:
        fact: What divides them, such as `sex`.
        groups: Those of known value, the highest UA first; at least two.
        gap: UA of the first less that of the last.
        interval: Of the gap, by bootstrap over speakers; None where there is none.
    """

    fact: str
    groups: tuple[Group, ...]
    gap: float
    interval: Interval | None


def fairness(run: Run, condition: Condition, fact: str) -> Fairness | None:
    """Compare the scores of groups of test utterances.

    Args:
        run: The run.
        condition: What was trained and tested.
        fact: What divides the utterances: one of `run.predictions.facts`.

    Returns:
        The comparison; None if fewer than two values are known.
    """
    parts: dict[str, list[Tested]] = {}
    for predictions in run.of(condition):
        for value, part in _divided(predictions, fact):
            parts.setdefault(value, []).append(part)
    if len(parts) < 2:
        return None
    seed = run.config.resampling_seed
    made = [_group(value, of, run.classes, seed) for value, of in parts.items()]
    groups = sorted(made, key=lambda group: (-group.ua.mean, group.value))
    high, low = groups[0], groups[-1]
    interval = None
    if high.interval and low.interval:  # a single speaker would be in every resample
        interval = ua_interval(
            parts[high.value], classes=len(run.classes), seed=seed, against=parts[low.value]
        )
    return Fairness(
        fact=fact,
        groups=tuple(groups),
        gap=high.ua.mean - low.ua.mean,
        interval=interval,
    )


def _divided(predictions: Predictions, fact: str) -> Iterator[tuple[str, Tested]]:
    """The predictions of each known value."""
    of_each = np.array(predictions.facts.get(fact, ()))
    truth, predicted, speakers = predictions.tested
    for value in sorted({*of_each.tolist()} - {""}):
        rows = of_each == value
        yield value, (truth[rows], predicted[rows], list(np.array(speakers, object)[rows]))


def _group(value: str, parts: Sequence[Tested], classes: Sequence[str], seed: int) -> Group:
    metrics = [compute_metrics(truth, predicted, classes) for truth, predicted, _ in parts]
    return Group(
        value=value,
        speakers=len({speaker for _, _, speakers in parts for speaker in speakers}),
        ua=MeanStd.of([each.ua for each in metrics]),
        interval=ua_interval(parts, classes=len(classes), seed=seed),
        missing=tuple(c for c in classes if any(c in each.undefined for each in metrics)),
    )
