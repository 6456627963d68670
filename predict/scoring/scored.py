"""The scores of a saved model, as the command prints them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from mdat_data.errors import listed
from mdat_data.metrics import (
    Scores,
    at_coverages,
    at_threshold,
    coverage_line,
    reliability,
)
from mdat_data.metrics.table import TableRow, metrics_table
from mdat_data.printable import one_line

SEED = 0
"""Of the resampling of speakers, as in a run."""

FAR = 0.2
"""Distance from the training from which on recordings are far from it. From log-mel features of
EMO-DB, those of nEMO are at 0.28 and those of URDU at 0.37 (mdat-predict --score)."""

HALF, OFTEN = 0.5, 2.0
"""A model hears one emotion in everything if more than half of its answers are this emotion, and
at least twice as many answers as there are utterances of it."""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Labelled recordings with what was predicted.

    Attributes:
        label: Name of the model.
        classes: In the order of the probabilities.
        ids: Of the N utterances.
        speakers: Of each utterance.
        truth: Class numbers, (N,) int.
        probabilities: Calibrated, (N, C) float64.
        left_out: Reason -> number of utterances.
        failures: Name of a recording that could not be used -> reason.
        distances: Name of a stream -> see `Scales.distances`.
        warnings: What else a reader must know.
    """

    label: str
    classes: tuple[str, ...]
    ids: tuple[str, ...]
    speakers: tuple[str, ...]
    truth: np.ndarray
    probabilities: np.ndarray
    left_out: Mapping[str, int]
    failures: Mapping[str, str]
    distances: Mapping[str, float]
    warnings: tuple[str, ...] = ()

    @property
    def predicted(self) -> np.ndarray:
        """Class numbers, (N,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    def scores(self) -> Scores:
        """Metrics with their interval by bootstrap over speakers."""
        tested = (self.truth, self.predicted, self.speakers)
        return Scores.of([tested], self.classes, seed=SEED)

    def summary(self, *, reject: float = 0.0) -> str:
        """Write the scores for people.

        Args:
            reject: Lowest probability of an answer.

        Returns:
            Lines of text.
        """
        return "\n".join(map(one_line, self._lines(reject)))

    def _lines(self, reject: float) -> Iterator[str]:
        yield f"{len(self.ids)} utterances of {len(set(self.speakers))} speakers"
        if self.left_out:
            reasons = (f"{number} {reason}" for reason, number in self.left_out.items())
            yield f"  left out: {listed(reasons)}"
        row = TableRow(label=self.label, tested_on="input", shots=0, scores=self.scores())
        yield from metrics_table([row])
        yield from self._by_class()
        yield coverage_line(at_coverages(self.probabilities, self.truth))
        if reject:
            kept = at_threshold(self.probabilities, self.truth, reject)
            yield (
                f"--reject {reject:g} answers {100 * kept.coverage:.1f} %; "
                f"{100 * kept.accuracy:.1f} % of these are right"
            )
        found = reliability(self.probabilities, self.truth)
        yield (
            f"calibration error {found.calibration_error:.3f}, negative log likelihood "
            f"{found.nll:.3f}"
        )
        for name, distance in self.distances.items():
            yield f"distance of the {name} from the training: {distance:.2f} standard deviations"
        yield from (f"warning: {warning}" for warning in (*self._doubts(), *self.warnings))

    def _by_class(self) -> Iterator[str]:
        """How often each class is meant, said, and recognised."""
        width = max(map(len, (*self.classes, "class")))
        yield f"{'class':{width}}  utterances  predicted  recall %"
        truth, said = Counter(self.truth.tolist()), Counter(self.predicted.tolist())
        right = Counter(self.truth[self.truth == self.predicted].tolist())
        for number, name in enumerate(self.classes):
            recall = f"{100 * right[number] / truth[number]:8.1f}" if truth[number] else ""
            yield f"{name:{width}}  {truth[number]:10}  {said[number]:9}  {recall}".rstrip()

    def _doubts(self) -> Iterator[str]:
        for name, distance in self.distances.items():
            if distance > FAR:
                yield (
                    f"{name} is far from what the model learned from: the mean of a feature is "
                    f"{distance:.2f} standard deviations away (above {FAR:g} is far), on average "
                    "over the features. --rescale brings it back"
                )
        [(number, said)] = Counter(self.predicted.tolist()).most_common(1)
        share, meant = said / len(self.truth), np.mean(self.truth == number)
        if share > HALF and share > OFTEN * meant:
            yield (
                f"{100 * share:.0f} % of the answers are {self.classes[number]}, but only "
                f"{100 * meant:.0f} % of the utterances: the model hears little else here"
            )
