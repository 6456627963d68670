"""The two protocols: what each makes of a study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mdat_data.cache import Cache
from mdat_train.config import LEARNING_RATES, TrainConfig
from mdat_train.tables.plan.study import Study

CORPORA = ("iemocap", "emodb", "emovo", "urdu")

FOUR = ("angry", "happy", "neutral", "sad")
WITHIN = {
    "iemocap": FOUR,
    "emodb": ("angry", "boredom", "disgust", "fear", "happy", "neutral", "sad"),
    "emovo": ("angry", "disgust", "fear", "happy", "sad", "surprise"),
    "urdu": FOUR,
}
"""The classes of Table II. The paper does not say which of EMOVO's seven it leaves out: the six
here are the usual basic emotions. Across corpora there are four."""

IEMOCAP_CLIPS = 200
"""Of each class: the paper's balanced 800. No other corpus has more of a class."""

EXCITED = ("excited", "happy")
BOREDOM = ("boredom", "sad")
"""Makes the paper's 143 sad clips of EMO-DB out of 62 of sadness and 81 of boredom."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """A features file that tables are made from.

    Attributes:
        path: Of the file.
        digest: Of its content.
        emotions: Those that it has.
    """

    path: Path
    digest: str
    emotions: frozenset[str]

    @classmethod
    def of(cls, path: Path) -> "Corpus":
        """Look into a features file.

        Args:
            path: Of the file.

        Raises:
            InputError: It is none.
        """
        with Cache(path) as cache:
            emotions = frozenset(u.emotion for u in cache.utterances)
            return cls(path=path, digest=cache.digest, emotions=emotions)


def config_of(
    study: Study,
    corpora: Mapping[str, Corpus],
    *,
    seed: int,
    learning_rate: float | None,
    **learning: Any,
) -> TrainConfig:
    """The options of mdat-train that make one seed of a study.

    Args:
        study: What is trained and tested.
        corpora: By name.
        seed: The only one.
        learning_rate: The highest; None takes the model's.
        learning: The options that the protocol leaves open.

    Returns:
        The configuration; its `out` is of no use.
    """
    emotions = _emotions(study, corpora)
    return TrainConfig(
        source=(corpora[study.source].path,),
        target=corpora[study.target].path if study.target else None,
        model=study.model,
        disable=study.disable,
        classes=tuple(c for c in _classes(study) if c in _merged(study, emotions)),
        merge=tuple(pair for pair in _mergers(study) if pair[0] in emotions),
        at_most=IEMOCAP_CLIPS,
        split=_split(study),
        seeds=1,
        first_seed=seed,
        out=Path(),
        learning_rate=learning_rate or LEARNING_RATES.get(study.model),
        **learning,
    )


def notes_on(study: Study, corpora: Mapping[str, Corpus]) -> tuple[str, ...]:
    """Where the features files lack what the protocol takes.

    Args:
        study: What is trained and tested.
        corpora: By name.

    Returns:
        Sentences without a full stop.
    """
    names = _names(study)
    lacking = [
        f"{corpora[name].path.name} has no boredom: sad is sadness alone"
        for name in names
        if name == "emodb"
        and BOREDOM in _mergers(study)
        and "boredom" not in corpora[name].emotions
    ]
    emotions = _merged(study, _emotions(study, corpora))
    if missing := [c for c in _classes(study) if c not in emotions]:
        files = " and ".join(corpora[name].path.name for name in names)
        lacking.append(f"{files} lacks {', '.join(missing)}, which the paper's classes include")
    return tuple(lacking)


def _names(study: Study) -> Sequence[str]:
    return [study.source, *([study.target] if study.target else [])]


def _emotions(study: Study, corpora: Mapping[str, Corpus]) -> set[str]:
    return {e for name in _names(study) for e in corpora[name].emotions}


def _classes(study: Study) -> tuple[str, ...]:
    return FOUR if study.target else WITHIN[study.source]


def _mergers(study: Study) -> tuple[tuple[str, str], ...]:
    """Within EMO-DB boredom is a class of its own."""
    across = study.target is not None
    return (EXCITED, BOREDOM) if study.protocol == "paper" and across else (EXCITED,)


def _merged(study: Study, emotions: set[str]) -> set[str]:
    mergers = dict(_mergers(study))
    return {mergers.get(emotion, emotion) for emotion in emotions}


def _split(study: Study) -> str:
    if study.protocol == "strict":
        return "group"
    return "random" if study.target else "80-20"
