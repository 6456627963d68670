"""What a model learned from, as far as its run does not record it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from mdat_train.inputs.loading import TrainingData
from mdat_train.inputs.scales import Scaled
from mdat_train.inputs.scaling import Statistics, statistics_of


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What a run does not record of what its model learned from.

    Attributes:
        languages: ISO 639-1 codes of its utterances, sorted.
        statistics: Of the features of each stream that has some, by its name.
        recordings: Number of recordings that the statistics were computed from.
        ignored: Streams that the model has inputs for, but whose features it sets to 0.
    """

    languages: tuple[str, ...]
    statistics: Mapping[str, Statistics] = field(default_factory=dict)
    recordings: int = 0
    ignored: tuple[str, ...] = ()


def learned_from(data: TrainingData, corpus: Scaled, support: Collection[str]) -> Learned:
    """Collect what the model of a run learned from.

    Args:
        data: The data of the run.
        corpus: What the model is for, on its scale.
        support: Ids of the utterances of the target that it was adapted to.

    Returns:
        The facts. The statistics are those that the model standardises with; where it does not,
        those of the source.
    """
    adapted = data.target.of(support).utterances if data.target else ()
    inside = data.statistics(corpus) or {}
    computed = {} if corpus.statistics else statistics_of(data.source)
    encoded = next(iter(data.provenance.values()))
    return Learned(
        languages=tuple(sorted({u.language for u in (*data.source.utterances, *adapted)})),
        statistics={
            name: of for name, of in (computed | inside).items() if encoded[name] and not of.hides
        },
        recordings=corpus.recordings or len(data.source),
        ignored=tuple(name for name, of in inside.items() if of.hides),
    )
