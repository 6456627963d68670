"""What a run learns from and is tested on."""

import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from mdat_data import InputError
from mdat_data.cache import Cache
from mdat_train.config import TrainConfig
from mdat_train.inputs.compatibility import check_compatible
from mdat_train.inputs.defaults import resolved
from mdat_train.inputs.scaling import Statistics, standardized, statistics_of
from mdat_train.inputs.selection import MIX, Selection, joined, select

GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a run learns from and is tested on.

    Attributes:
        config: With nothing left to be decided.
        provenance: For each features file, by its path, the digest of its content and how it came
            to be.
        source: The utterances to learn from.
        target: The utterances to test on; None within a corpus.
        statistics: Of the corpus that is tested, where every corpus is brought to one scale by its
            own statistics; else None.
        held: All features are in memory.
    """

    config: TrainConfig
    provenance: dict[str, Any]
    source: Selection
    target: Selection | None
    statistics: dict[str, Statistics] | None
    held: bool


def load(config: TrainConfig) -> Material:
    """Open the features files and choose what the run needs.

    Where the features would take more memory than `config.memory`, they stay in the files, which
    stay open, and are read anew for every batch.

    Args:
        config: As the user gave it.

    Returns:
        The material of the run.

    Raises:
        InputError: A file is no features file, two do not fit together, or a class or layer is
            absent.
    """
    paths = [*config.source, *([config.target] if config.target else [])]
    with ExitStack() as stack:
        caches = [stack.enter_context(Cache(path)) for path in paths]
        check_compatible(caches, mix=config.speech_layer == MIX)
        config = resolved(config, caches)
        # Ids are unique in their corpus only.
        several = len(config.source) > 1
        selections = [
            select(cache, config, prefix=f"{cache.provenance.corpus}/" if several else "")
            for cache in caches
        ]
        statistics = None
        if config.normalize == "corpus":
            statistics = statistics_of(selections[-1])
            selections = [standardized(selection) for selection in selections]
        held = sum(s.nbytes for s in selections) <= config.memory * GIB
        if held:
            selections = [selection.held() for selection in selections]
        provenance = {
            str(cache.path): {"digest": cache.digest, **asdict(cache.provenance)}
            for cache in caches
        }
        if not held:
            stack.pop_all()
    source = joined(selections[: len(config.source)])
    if repeated := [id for id, count in Counter(source.ids).items() if count > 1]:
        raise InputError(
            "the files of --source that are of one corpus must give every recording an id of its "
            f"own, but {len(repeated)} ids stand in several, such as {repeated[0]}."
        )
    return Material(
        config=config,
        provenance=json.loads(json.dumps(provenance)),
        source=source,
        target=selections[-1] if config.target else None,
        statistics=statistics,
        held=held,
    )
