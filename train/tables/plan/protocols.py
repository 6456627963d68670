"""The two protocols, and the configuration of a study under each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mdat_data.cache import open_features
from mdat_data.doubts import repeats
from mdat_train.adaptation import OF_PAPER
from mdat_train.config import TrainConfig
from mdat_train.tables.plan.study import Study

CORPORA = ("iemocap", "emodb", "emovo", "urdu")

FOUR = ("angry", "happy", "neutral", "sad")
WITHIN = {
    "iemocap": FOUR,
    "emodb": ("angry", "boredom", "disgust", "fear", "happy", "neutral", "sad"),
    "emovo": ("angry", "disgust", "fear", "happy", "sad", "surprise"),
    "urdu": FOUR,
}
"""The classes of Table II. The paper leaves out one of EMOVO's seven emotions and does not name it;
these six are the usual basic emotions. Across corpora there are four classes."""

IEMOCAP_PER_CLASS = 200
"""Utterances of each class: the paper uses 800, balanced. No other corpus has more of a class."""

EXCITED = ("excited", "happy")
BOREDOM = ("boredom", "sad")
"""The paper has 143 sad utterances of EMO-DB: 62 of sadness and 81 of boredom."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """A features file that tables are made from.

    Attributes:
        path: The file.
        digest: Checksum of its content.
        emotions: The emotions of its utterances.
        copies: Number of copies of recordings, beyond the first of each.
    """

    path: Path
    digest: str
    emotions: frozenset[str]
    copies: int = 0

    @classmethod
    def of(cls, path: Path) -> "Corpus":
        """Read the labels of a features file.

        Args:
            path: The file.

        Raises:
            InputError: It is not a features file.
        """
        with open_features(path) as cache:
            emotions = frozenset(u.emotion for u in cache.utterances if u.emotion)
            same = repeats([recording.fingerprint for recording in cache.recordings])
            copies = sum(len(rows) - 1 for rows in same)
            return cls(path=path, digest=cache.digest, emotions=emotions, copies=copies)


def config_of(study: Study, corpora: Mapping[str, Corpus], *, template: TrainConfig) -> TrainConfig:
    """Make the configuration of a study.

    Args:
        study: What is trained and tested.
        corpora: By name.
        template: The options that the protocol leaves open.

    Returns:
        The configuration, with all seeds of the template.
    """
    emotions = _emotions(study, corpora)
    return replace(
        template,
        source=(corpora[study.source].path,),
        target=corpora[study.target].path if study.target else None,
        model=study.model,
        adaptation=template.adaptation or OF_PAPER,
        disable=study.disable,
        classes=tuple(c for c in _classes(study) if c in _merged(study, emotions)),
        merge=tuple(pair for pair in _mergers(study) if pair[0] in emotions),
        at_most=IEMOCAP_PER_CLASS,
        split=_split(study),
    )


def notes_on(study: Study, corpora: Mapping[str, Corpus]) -> tuple[str, ...]:
    """Name what the protocol needs and the features files do not have.

    Args:
        study: What is trained and tested.
        corpora: By name.

    Returns:
        Sentences without a full stop.
    """
    names = _names(study)
    lacking = [
        f"{corpora[name].path.name} has no boredom: its class sad is sadness only"
        for name in names
        if name == "emodb"
        and BOREDOM in _mergers(study)
        and "boredom" not in corpora[name].emotions
    ]
    lacking += [
        f"{corpora[name].path.name} has {copies} copies of recordings, which are not used"
        for name in names
        if (copies := corpora[name].copies)
    ]
    emotions = _merged(study, _emotions(study, corpora))
    if missing := [c for c in _classes(study) if c not in emotions]:
        files = " and ".join(corpora[name].path.name for name in names)
        lacking.append(f"{files} has no {', '.join(missing)}, which the paper's classes include")
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
