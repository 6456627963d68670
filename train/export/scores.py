"""Scores of a model by class, by speaker and by what else is known of the test utterances."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from mdat_data.markdown import escaped
from mdat_data.metrics import Interval, confusion_matrix
from mdat_train.runs.fairness import fairness
from mdat_train.runs.predictions import Predictions
from mdat_train.runs.run import Run

SHOWN = 20
"""Number of speakers that have a row each; of more, those with the lowest scores."""


def by_class(predictions: Sequence[Predictions], classes: Sequence[str]) -> Iterator[list[str]]:
    """Recall of each class, pooled over seeds and draws.

    Args:
        predictions: Of one condition.
        classes: The classes, in the order of their numbers.

    Yields:
        Class, most frequent error, utterances of a seed or draw, recall in %.
    """
    counts = sum(confusion_matrix(p.truth, p.predicted, len(classes)) for p in predictions)
    for number, row in enumerate(np.asarray(counts)):
        wrong = np.delete(row, number)
        error = np.delete(np.array(classes, object), number)[wrong.argmax()] if wrong.any() else ""
        recall = f"{100 * row[number] / row.sum():.1f}" if row.any() else ""
        yield [
            escaped(classes[number]),
            escaped(error),
            f"{row.sum() / len(predictions):.0f}",
            recall,
        ]


def by_group(run: Run, fact: str) -> Iterator[list[str]]:
    """UA of each group of test utterances, such as those of women and of men, the highest first.

    Args:
        run: The run.
        fact: What divides them, one of `run.predictions.facts`.

    Yields:
        Group, number of speakers, UA in %, 95 % interval; in the end the largest gap between two of
        them. Nothing where there are no two groups.
    """
    found = fairness(run, run.kept_condition, fact)
    if found is None:
        return
    for group in found.groups:
        ua = f"{100 * group.ua.mean:.1f}"
        yield [escaped(group.value), str(group.speakers), ua, _bounds(group.interval)]
    yield ["largest gap", "", f"{100 * found.gap:.1f}", _bounds(found.interval)]


def _bounds(interval: Interval | None) -> str:
    return f"[{100 * interval.low:.1f}, {100 * interval.high:.1f}]" if interval else ""


def by_speaker(predictions: Sequence[Predictions]) -> Iterator[list[str]]:
    """Share of correct predictions of each speaker, the lowest first.

    Args:
        predictions: Of one condition.

    Yields:
        Speaker, utterances of a seed or draw, correct in %. Many speakers end with one row for the
        rest.
    """
    correct = defaultdict(list)
    for p in predictions:
        for speaker, right in zip(p.speakers, p.predicted == p.truth, strict=True):
            correct[speaker].append(right)
    order = sorted(correct, key=lambda speaker: (np.mean(correct[speaker]), speaker))
    rest = [right for speaker in order[SHOWN:] for right in correct[speaker]]
    named = {escaped(speaker): correct[speaker] for speaker in order[:SHOWN]}
    for name, values in (named | ({f"{len(order) - SHOWN} others": rest} if rest else {})).items():
        yield [name, f"{len(values) / len(predictions):.0f}", f"{100 * np.mean(values):.1f}"]
