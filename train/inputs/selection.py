"""The utterances of a run with their features, chosen from features files."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mdat_data import InputError, Utterance
from mdat_data.batches import Rows
from mdat_data.cache import MODALITIES, FeaturesFile
from mdat_data.doubts import repeats
from mdat_data.errors import listed, meant
from mdat_data.utterance import UNLABELLED
from mdat_train.config import TrainConfig
from mdat_train.inputs.deferred import Deferred, Features, moments
from mdat_train.inputs.stored import stored

MIX = "mix"

FEWEST = 2
"""Lowest number of classes of a file: one alone has nothing to be told apart from."""

NO_EMOTION = "without an emotion"
NO_CLASS = "not among the classes"
CONTRADICTED = "recordings that have other emotions too"
COPIES = "copies of other recordings"
"""Reasons for leaving out utterances. A copy could be on both sides of a split, where it would be
recognised, not its emotion."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The features file that an utterance is of.

    Attributes:
        name: Its path.
        lacking: The classes of the run that it has no utterance of.
    """

    name: str = ""
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Utterances of the classes of a run, with their features of one layer.

    Attributes:
        classes: The emotions; the label of an utterance is the index of its emotion here.
        utterances: The N utterances.
        speech: Features (T_s, D_s) of each utterance, in memory or read at every use.
        text: Features (T_t, D_t) of each utterance, likewise.
        left_out: Reason -> emotion -> number of utterances of the file that are not used.
        origins: The file of each utterance; by default one for all.
    """

    classes: tuple[str, ...]
    utterances: tuple[Utterance, ...]
    speech: tuple[Features, ...]
    text: tuple[Features, ...]
    left_out: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()

    def __post_init__(self) -> None:
        if not self.origins:
            object.__setattr__(self, "origins", (Origin(),) * len(self.utterances))

    def __len__(self) -> int:
        return len(self.utterances)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the utterances."""
        return tuple(utterance.id for utterance in self.utterances)

    @property
    def labels(self) -> np.ndarray:
        """Class number of each utterance, (N,) int32."""
        return np.array([self.classes.index(u.emotion) for u in self.utterances], np.int32)

    @property
    def streams(self) -> dict[str, Sequence[Rows]]:
        """The features of every utterance, by the name of the stream."""
        return {modality: getattr(self, modality) for modality in MODALITIES}

    @property
    def speech_lengths(self) -> list[int]:
        """Steps of the speech of each utterance, (N,)."""
        return [len(features) for features in self.speech]

    @property
    def nbytes(self) -> int:
        """Memory in bytes that the features take when they are in memory."""
        return sum(features.nbytes for features in (*self.speech, *self.text))

    def in_memory(self) -> "Selection":
        """The same utterances with all features in memory."""
        return replace(self, speech=_in_memory(self.speech), text=_in_memory(self.text))

    def pooled(self, streams: Collection[str]) -> np.ndarray:
        """Mean and standard deviation over time of each utterance, (N, F) float64.

        Each is computed at the first use, for every selection of the same features.

        Args:
            streams: Those that are used; their numbers lie side by side.
        """
        of_streams = [np.stack([moments(rows) for rows in getattr(self, name)]) for name in streams]
        return np.concatenate([of.reshape(len(self), -1) for of in of_streams], axis=1)

    def of(self, ids: Collection[str]) -> "Selection":
        """The utterances with these ids, in the order of this selection."""
        wanted = set(ids)
        rows = [row for row, utterance in enumerate(self.utterances) if utterance.id in wanted]
        return replace(
            self,
            utterances=tuple(self.utterances[row] for row in rows),
            speech=tuple(self.speech[row] for row in rows),
            text=tuple(self.text[row] for row in rows),
            origins=tuple(self.origins[row] for row in rows),
        )


def streams_of(modality: str) -> tuple[str, ...]:
    """The names of the streams that `both`, or one of them, stands for."""
    return MODALITIES if modality == "both" else (modality,)


def emotions(cache: FeaturesFile, merge: Mapping[str, str]) -> list[str]:
    """The emotion of every utterance of a features file, after merging; empty for unlabelled."""
    stored = [utterance.emotion or "" for utterance in cache.utterances]
    return [merge.get(emotion, emotion) for emotion in stored]


def select(
    cache: FeaturesFile, config: TrainConfig, *, prefix: str = "", may_lack: bool = False
) -> Selection:
    """Choose what a run needs of one features file; the features are read when they are used.

    Args:
        cache: The file, which must stay open while the features are read.
        config: Gives classes, merged emotions, layers and limits.
        prefix: Put before ids, speakers and groups, to keep those of several files apart.
        may_lack: The file may lack classes, as long as it has two of them.

    Returns:
        The utterances of the classes in the order of their ids, each recording once; the order of
        the rows has no effect.

    Raises:
        InputError: A class has no utterance in the file, or a layer is not stored.
    """
    merged = emotions(cache, dict(config.merge))
    rows, left_out = _rows(cache, merged, config)
    absent = sorted(set(config.classes) - {merged[row] for row in rows})
    if absent and not (may_lack and len(absent) <= len(config.classes) - FEWEST):
        raise InputError(
            f"{cache.path} has no utterance of {listed(absent)}{meant(absent[0], {*merged})}; its "
            f"emotions are {listed(sorted({*merged} - {''})) or 'none'}. Choose --classes that "
            "every file has, or --merge."
        )
    layers: Sequence[Any] = [config.speech_layer]
    if config.speech_layer == MIX:
        layers = cache.provenance.speech.layers if cache.provenance.speech else ()
    return Selection(
        classes=config.classes,
        utterances=tuple(_renamed(cache.utterances[row], merged[row], prefix) for row in rows),
        speech=stored(
            cache, "speech", layers, rows, steps=config.frames, stride=config.frame_stride or 1
        ),
        text=stored(cache, "text", [config.text_layer], rows),
        left_out=left_out,
        origins=(Origin(name=str(cache.path), lacking=tuple(absent)),) * len(rows),
    )


def _rows(
    cache: FeaturesFile, merged: Sequence[str], config: TrainConfig
) -> tuple[list[int], dict[str, Counter[str]]]:
    """The rows to use in the order of their ids, and what is left out, by reason and emotion."""
    order = sorted(range(len(merged)), key=lambda row: cache.ids[row])
    labelled = [row for row in order if merged[row]]
    same = [
        [labelled[place] for place in places]
        for places in repeats([cache.recordings[row].fingerprint for row in labelled])
    ]
    unused = {
        NO_EMOTION: {*order} - {*labelled},
        NO_CLASS: {row for row in order if merged[row] not in config.classes},
        CONTRADICTED: {r for rows in same if len({merged[r] for r in rows}) > 1 for r in rows},
        COPIES: {row for _, *others in same for row in others},
    }
    rows = [row for row in order if not any(row in of_reason for of_reason in unused.values())]
    if config.at_most is not None:
        kept = _at_most(config.at_most, rows, merged, seed=config.at_most_seed)
        unused[f"beyond --at-most {config.at_most}"] = {*rows} - {*kept}
        rows = kept
    left_out: dict[str, Counter[str]] = {}
    counted: set[int] = set()
    for reason, of_reason in unused.items():
        left_out[reason] = Counter(merged[row] or UNLABELLED for row in of_reason - counted)
        counted |= of_reason
    return rows, {reason: counts for reason, counts in left_out.items() if counts}


def _in_memory(features: Sequence[Features]) -> tuple[Features, ...]:
    return tuple(f.in_memory() if isinstance(f, Deferred) else f for f in features)


def _at_most(number: int, rows: Sequence[int], emotions: Sequence[str], *, seed: int) -> list[int]:
    """A random choice of at most `number` rows of each emotion, in the order of the rows."""
    rng = np.random.default_rng(seed)
    taken: Counter[str] = Counter()
    kept = set()
    for row in rng.permutation(rows).tolist():
        taken[emotions[row]] += 1
        if taken[emotions[row]] <= number:
            kept.add(row)
    return [row for row in rows if row in kept]


def joined(selections: Sequence[Selection]) -> Selection:
    """Several selections of the same classes as one."""
    left_out: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for selection in selections:
        for reason, counts in selection.left_out.items():
            left_out[reason].update(counts)
    return replace(
        selections[0],
        utterances=tuple(u for s in selections for u in s.utterances),
        speech=tuple(rows for s in selections for rows in s.speech),
        text=tuple(rows for s in selections for rows in s.text),
        left_out=left_out,
        origins=tuple(origin for s in selections for origin in s.origins),
    )


def _renamed(utterance: Utterance, emotion: str, prefix: str) -> Utterance:
    return replace(
        utterance,
        id=prefix + utterance.id,
        speaker=prefix + utterance.speaker,
        group=prefix + utterance.group,
        emotion=emotion,
    )
