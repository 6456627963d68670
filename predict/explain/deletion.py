"""Whether explanations are true: what is left of a prediction without the frames that matter.

Reference:
    Samek et al., "Evaluating the visualization of what a deep neural network has learned", 2017.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mdat_data.metrics import Interval, Tested, compute_metrics, mean_interval, ua_interval
from mdat_predict.explain import occlusion
from mdat_predict.explain.masking import Masking

SHARES = (0.1, 0.2, 0.3)
"""Parts of the frames that are removed, by the mask."""

OCCLUSION, LOUDEST, RANDOM = "occlusion", "loudest", "random"
"""Which frames are removed first."""

DRAWS = 5
"""Number of random orders; their results are averaged."""

SEED = 0
"""Of the random orders and of the resampling of speakers."""


def without(masking: Masking, orders: np.ndarray) -> np.ndarray:
    """Predict an utterance without the first frames of some orders.

    Args:
        masking: The utterance, of at least two steps of speech.
        orders: Numbers of all steps, those that go first at the beginning, (R, steps).

    Returns:
        Probabilities (shares, R, C) without each of `SHARES`, at least one step and at most all
        but one.
    """
    ranks = np.argsort(orders, axis=1)
    numbers = [min(max(1, round(s * masking.steps)), masking.steps - 1) for s in SHARES]
    left = np.concatenate([ranks >= number for number in numbers])
    return masking.probabilities(speech=left).reshape(len(SHARES), len(orders), -1)


def orders_of(
    masking: Masking, emotion: int, loudness: np.ndarray | None, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """In which orders the frames of an utterance are removed.

    Args:
        masking: The utterance.
        emotion: Number of the predicted class.
        loudness: Of each step of speech, (steps,); None where it is not known.
        rng: For the random orders.

    Returns:
        What goes first -> orders (R, steps).
    """
    falls = occlusion.of_speech(masking, emotion)
    found = {OCCLUSION: np.argsort(-falls, kind="stable")[None]}
    if loudness is not None:
        found[LOUDEST] = np.argsort(-loudness, kind="stable")[None]
    found[RANDOM] = np.stack([rng.permutation(masking.steps) for _ in range(DRAWS)])
    return found


@dataclass(frozen=True, kw_only=True)
class Removal:
    """Predictions without some frames.

    Attributes:
        share: Part of the frames that is missing.
        first: Which frames go first: `occlusion`, `loudest` or `random`; empty for none.
        probability: Mean probability of the classes that are predicted from everything.
        bounds: Its 95 % interval over speakers; None for a single speaker.
        ua: Unweighted accuracy, averaged over random orders.
        interval: Its 95 % interval over speakers; None where there is none.
    """

    share: float
    first: str
    probability: float
    bounds: Interval | None
    ua: float
    interval: Interval | None


@dataclass(frozen=True, kw_only=True)
class Deletion:
    """Predictions of utterances without the frames of several orders.

    Attributes:
        classes: In the order of the probabilities.
        speakers: Of each of N utterances.
        truth: Class numbers, (N,).
        whole: Probabilities from everything, (N, C).
        removed: What goes first -> probabilities, (N, shares, R, C).
        too_short: Number of utterances of a single step, which are not among the N.
    """

    classes: tuple[str, ...]
    speakers: tuple[str, ...]
    truth: np.ndarray
    whole: np.ndarray
    removed: Mapping[str, np.ndarray]
    too_short: int = 0

    def removals(self) -> list[Removal]:
        """The curve: nothing removed, and then each share in each order."""
        found = [self._removal(0.0, "", self.whole[:, None])]
        for number, share in enumerate(SHARES):
            found += [self._removal(share, k, of[:, number]) for k, of in self.removed.items()]
        return found

    def margins(self) -> list[tuple[float, float | None]]:
        """How much further the probability falls by occlusion than by random removal.

        Returns:
            For each share the mean difference, and the lower end of its 95 % interval over
            speakers; None for a single speaker.
        """
        left = {k: self._of_predicted(of).mean(axis=2) for k, of in self.removed.items()}
        differences = left[RANDOM] - left[OCCLUSION]  # (N, shares)
        found = []
        for of in differences.T:
            bounds = mean_interval(of, self.speakers, seed=SEED)
            found.append((float(of.mean()), bounds.low if bounds else None))
        return found

    def _removal(self, share: float, first: str, found: np.ndarray) -> Removal:
        """Of probabilities (N, R, C)."""
        left = self._of_predicted(found).mean(axis=1)
        runs: Sequence[Tested] = [
            (self.truth, each.argmax(axis=1), self.speakers) for each in np.moveaxis(found, 1, 0)
        ]
        uas = [compute_metrics(truth, said, self.classes).ua for truth, said, _ in runs]
        return Removal(
            share=share,
            first=first,
            probability=float(left.mean()),
            bounds=mean_interval(left, self.speakers, seed=SEED),
            ua=float(np.mean(uas)),
            interval=ua_interval(runs, classes=len(self.classes), seed=SEED),
        )

    def _of_predicted(self, found: np.ndarray) -> np.ndarray:
        """The probabilities (N, …, C) of the classes that are predicted from everything, (N, …)."""
        rows = np.arange(len(self.whole))
        return np.asarray(found[rows, ..., self.whole.argmax(axis=1)])
