"""Opens the features files of a run and chooses what it uses."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from mdat_data import InputError
from mdat_data.cache import FeaturesFile, open_features
from mdat_data.errors import listed
from mdat_train.classifiers.models import MODELS
from mdat_train.config import TrainConfig
from mdat_train.inputs.compatibility import check_compatible
from mdat_train.inputs.defaults import resolved
from mdat_train.inputs.information import uninformative, warning, without
from mdat_train.inputs.scales import Scale, Scaled
from mdat_train.inputs.scaling import Statistics, statistics_of
from mdat_train.inputs.selection import MIX, Selection, joined, select

GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """What a run trains on and is tested on.

    Attributes:
        config: The resolved configuration.
        provenance: Path of each features file -> the digest of its content and its provenance.
        source: The utterances to train on.
        target: The utterances to test on, not yet on their scale; None within a corpus.
        scale: Of the target; within a corpus of the last source, which is on it.
        hidden: Statistics by which a saved model hides the streams that are left out.
        in_memory: All features are in memory.
        warnings: What is left out, lacking, or not on a scale of its own.
    """

    config: TrainConfig
    provenance: dict[str, Any]
    source: Selection
    target: Selection | None
    scale: Scale
    hidden: Mapping[str, Statistics]
    in_memory: bool
    warnings: tuple[str, ...] = ()

    @property
    def speech_layers(self) -> int:
        """Number of encoder layers that lie side by side in the speech features."""
        made = next(iter(self.provenance.values()))["speech"]
        width: int = self.source.speech[0].shape[-1]
        return width // int(made["dim"]) if made else 1

    def statistics(self, scaled: Scaled) -> dict[str, Statistics] | None:
        """Those by which a saved model must standardise features, beside what it was trained on.

        Args:
            scaled: What `scale` made of the corpus that the model is for.

        Returns:
            By stream; None if there are none.
        """
        return {**scaled.statistics, **self.hidden} or None


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
        sources, target = _selected(caches, config)
        left_out = uninformative(sources, target, modality=config.modality)
        warnings = [warning(stream, sources) for stream in left_out]
        warnings += map(_lacking, filter(_lacking, sources))
        sources = [without(source, left_out) for source in sources]
        hidden = {  # new recordings may have it
            stream: Statistics.hiding(getattr(sources[0], stream)[0].shape[1])
            for stream in left_out
        }
        scales = [Scale(source, config.normalize) for source in sources]
        scaled = [scale.scaled(scale.corpus.ids) for scale in scales]
        warnings += [f"{_file(of.selection)}: {of.warning}" for of in scaled if of.warning]
        selections = [of.selection for of in scaled]
        if target is not None:
            selections.append(without(target, left_out))
        small = sum(s.nbytes for s in selections) <= config.memory * GIB
        in_memory = small and MODELS[config.model].has_epochs
        if in_memory:
            selections = [selection.in_memory() for selection in selections]
        scale = scales[-1]
        if target is not None:
            target = selections.pop()
            scale = Scale(target, config.normalize, *_training(sources, config.normalize))
        provenance = {
            str(cache.path): {"digest": cache.digest, **asdict(cache.provenance)}
            for cache in caches
        }
        if not in_memory:
            stack.pop_all()
    source = joined(selections)
    _refuse_repeated(source)
    return TrainingData(
        config=config,
        provenance=json.loads(json.dumps(provenance)),
        source=source,
        target=target,
        scale=scale,
        hidden=hidden,
        in_memory=in_memory,
        warnings=tuple(warnings),
    )


def _selected(
    caches: Sequence[FeaturesFile], config: TrainConfig
) -> tuple[list[Selection], Selection | None]:
    """What is used of the sources and, where there is one, of the target."""
    several = len(config.source) > 1  # ids are unique in their corpus only
    selections = [
        select(
            cache,
            config,
            prefix=f"{cache.provenance.corpus}/" if several else "",
            # An SVM compares classes pair by pair: it cannot leave one open.
            may_lack=several and config.model != "svm" and place < len(config.source),
        )
        for place, cache in enumerate(caches)
    ]
    sources = selections[: len(config.source)]
    of_all = {u.emotion for source in sources for u in source.utterances}
    if absent := [name for name in config.classes if name not in of_all]:
        raise InputError(
            f"every class must be in a file of --source; got {listed(absent)}, which is in none. "
            "Choose other --classes, or --merge."
        )
    return sources, selections[-1] if config.target else None


def _training(
    sources: Sequence[Selection], normalize: str | None
) -> tuple[dict[str, Statistics], int]:
    """Statistics for a target without labelled utterances, and the number of recordings in them."""
    if normalize != "support":
        return {}, 0
    together = joined(sources)
    return statistics_of(together), len(together)


def _file(source: Selection) -> str:
    return source.origins[0].name


def _lacking(source: Selection) -> str:
    """The sentence about the classes that a source lacks; empty where it has all."""
    lacking = source.origins[0].lacking
    if not lacking:
        return ""
    return (
        f"{_file(source)} has no utterance of {listed(lacking)}: its utterances are judged among "
        "the other classes, and say nothing about what they lack"
    )


def _refuse_repeated(source: Selection) -> None:
    if repeated := [id for id, count in Counter(source.ids).items() if count > 1]:
        raise InputError(
            "files of --source that are of one corpus must have different ids; got "
            f"{len(repeated)} ids that are in several files, such as {repeated[0]}. Give every "
            "recording an id of its own."
        )
