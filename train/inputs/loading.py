"""Opens the features files of a run and chooses what it uses."""

import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_train.classifiers.models import MODELS
from mdat_train.config import TrainConfig
from mdat_train.inputs.compatibility import check_compatible
from mdat_train.inputs.defaults import resolved
from mdat_train.inputs.information import uninformative, warning, without
from mdat_train.inputs.scaling import Statistics, standardized, statistics_of
from mdat_train.inputs.selection import MIX, Selection, joined, select

GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """What a run trains on and is tested on.

    Attributes:
        config: The resolved configuration.
        provenance: Path of each features file -> the digest of its content and its provenance.
        source: The utterances to train on.
        target: The utterances to test on; None within a corpus.
        statistics: Of the streams whose features a saved model must standardise by more than what
            it was trained on: of the corpus that is tested, where every corpus is standardised by
            its own statistics, and of what is left out. None if there are none.
        in_memory: All features are in memory.
        warnings: Which streams are left out, and why.
    """

    config: TrainConfig
    provenance: dict[str, Any]
    source: Selection
    target: Selection | None
    statistics: dict[str, Statistics] | None
    in_memory: bool
    warnings: tuple[str, ...] = ()

    @property
    def speech_layers(self) -> int:
        """Number of encoder layers that lie side by side in the speech features."""
        made = next(iter(self.provenance.values()))["speech"]
        width: int = self.source.speech[0].shape[-1]
        return width // int(made["dim"]) if made else 1


def load(config: TrainConfig) -> TrainingData:
    """Open the features files and choose what the run needs.

    Where the features would take more memory than `config.memory`, they stay in the files, which
    stay open, and are read for every batch. A model on pooled features reads them once, utterance
    by utterance.

    Args:
        config: As the user gave it.

    Returns:
        The data of the run.

    Raises:
        InputError: A file is no features file, two files do not fit together, or a class or a
            layer is missing.
    """
    paths = [*config.source, *([config.target] if config.target else [])]
    with ExitStack() as stack:
        caches = [stack.enter_context(open_features(path)) for path in paths]
        check_compatible(caches, mix=config.speech_layer == MIX)
        config = resolved(config, caches)
        # Ids are unique in their corpus only.
        several = len(config.source) > 1
        selections = [
            select(cache, config, prefix=f"{cache.provenance.corpus}/" if several else "")
            for cache in caches
        ]
        sources = selections[: len(config.source)]
        target = selections[-1] if config.target else None
        left_out = uninformative(sources, target, modality=config.modality)
        warnings = tuple(warning(stream, sources) for stream in left_out)
        selections = [without(selection, left_out) for selection in selections]
        statistics = {}
        if config.normalize == "corpus":
            statistics = statistics_of(selections[-1])
            selections = [standardized(selection) for selection in selections]
        for stream in left_out:  # new recordings may have it
            width = getattr(selections[-1], stream)[0].shape[1]
            statistics[stream] = Statistics.hiding(width)
        small = sum(s.nbytes for s in selections) <= config.memory * GIB
        in_memory = small and MODELS[config.model].has_epochs
        if in_memory:
            selections = [selection.in_memory() for selection in selections]
        provenance = {
            str(cache.path): {"digest": cache.digest, **asdict(cache.provenance)}
            for cache in caches
        }
        if not in_memory:
            stack.pop_all()
    source = joined(selections[: len(config.source)])
    _refuse_repeated(source)
    return TrainingData(
        config=config,
        provenance=json.loads(json.dumps(provenance)),
        source=source,
        target=selections[-1] if config.target else None,
        statistics=statistics or None,
        in_memory=in_memory,
        warnings=warnings,
    )


def _refuse_repeated(source: Selection) -> None:
    if repeated := [id for id, count in Counter(source.ids).items() if count > 1]:
        raise InputError(
            "files of --source that are of one corpus must have different ids; got "
            f"{len(repeated)} ids that are in several files, such as {repeated[0]}. Give every "
            "recording an id of its own."
        )
