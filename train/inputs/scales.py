"""Whose statistics standardise a corpus: its own, of its labelled utterances, of each speaker.

What reads unlabelled utterances of the target is transductive: its scores hold where all recordings
of the target are at hand, and every report says so.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from mdat_data.cache import MODALITIES
from mdat_train.inputs.deferred import Features
from mdat_train.inputs.scaling import Statistics, standardized, statistics_of
from mdat_train.inputs.selection import Selection

SHRUNK_BY = 5
"""Number of recordings of a speaker whose statistics count as much as those of the corpus."""

SEVERAL = 3
"""Number of emotions that most speakers must show: of one with fewer, statistics tell which."""


@dataclass(frozen=True, kw_only=True)
class Scaled:
    """A corpus on a scale.

    Attributes:
        selection: Its utterances.
        statistics: Those by which new recordings of it are standardised, by stream; none where the
            model itself standardises.
        recordings: Number of recordings that they were computed from.
        warning: Why the scale is not the one that was asked for; empty if it is.
    """

    selection: Selection
    statistics: Mapping[str, Statistics] = field(default_factory=dict)
    recordings: int = 0
    warning: str = ""


@dataclass(frozen=True)
class Scale:
    """The scale of a corpus, which may depend on the utterances of it that have labels.

    Args:
        corpus: All its utterances.
        normalize: A value of `--normalize`.
        of_training: Statistics of what is trained on, by stream: under `support` those of a corpus
            without labelled utterances.
        trained_on: Number of recordings that they were computed from.
    """

    corpus: Selection
    normalize: str | None
    of_training: Mapping[str, Statistics] = field(default_factory=dict)
    trained_on: int = 0

    def scaled(self, labelled: Collection[str]) -> Scaled:
        """Standardise the corpus.

        Args:
            labelled: Ids of its utterances that have labels. No other label is looked at.

        Returns:
            All of it.
        """
        if self.normalize == "support":
            return self._of_support(self.corpus.of(labelled))
        if self.normalize == "corpus":
            return self._of_corpus
        if self.normalize == "speaker":
            why_not = speakers_tell_emotions(self.corpus.of(labelled))
            return replace(self._of_corpus, warning=why_not) if why_not else self._of_speakers
        return Scaled(selection=self.corpus)

    def _of_support(self, support: Selection) -> Scaled:
        of, count = self.of_training, self.trained_on
        if len(support):
            of, count = statistics_of(support), len(support)
        selection = standardized(self.corpus, of, pooled=True)
        return Scaled(selection=selection, statistics=of, recordings=count)

    @cached_property
    def _of_corpus(self) -> Scaled:
        of = statistics_of(self.corpus)
        selection = standardized(self.corpus, of)
        return Scaled(selection=selection, statistics=of, recordings=len(self.corpus))

    @cached_property
    def _of_speakers(self) -> Scaled:
        """New recordings are of speakers that have none yet, whose scale is that of the corpus."""
        whole = self._of_corpus.statistics
        streams: dict[str, Any] = {
            name: _by_speaker(self.corpus, getattr(self.corpus, name), whole[name])
            for name in MODALITIES
        }
        return replace(self._of_corpus, selection=replace(self.corpus, **streams))


def speakers_tell_emotions(labelled: Selection) -> str:
    """Find out whether the statistics of a speaker would tell the emotion.

    Args:
        labelled: Utterances whose labels are known.

    Returns:
        Why speakers must not have a scale of their own; empty if they may.
    """
    shown = defaultdict(set)
    for utterance in labelled.utterances:
        shown[utterance.speaker].add(utterance.emotion)
    several = min(SEVERAL, len(labelled.classes))
    few = sum(len(emotions) < several for emotions in shown.values())
    if shown and few < len(shown) / 2:
        return ""
    return (
        f"speakers have no scale of their own, but that of the corpus: {few} of {len(shown)} "
        f"speakers with labelled utterances show fewer than {several} emotions, so that the "
        "statistics of a speaker may tell the emotion"
    )


def _by_speaker(
    corpus: Selection, stream: tuple[Features, ...], whole: Statistics
) -> tuple[Features, ...]:
    """A stream by the statistics of each speaker, which few recordings say little about."""
    rows_of = defaultdict(list)
    for row, utterance in enumerate(corpus.utterances):
        rows_of[utterance.speaker].append(row)
    scaled: dict[int, Features] = {}
    for rows in rows_of.values():
        own = [stream[row] for row in rows]
        shrunk = Statistics.of(own).towards(whole, part=SHRUNK_BY / (SHRUNK_BY + len(rows)))
        scaled |= zip(rows, shrunk.applied(own, pooled=True), strict=True)
    return tuple(scaled[row] for row in range(len(stream)))
