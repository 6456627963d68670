"""The numbers of the paper, and which of them may be wrong."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Published:
    """A UA that the paper printed, in percent.

    Attributes:
        value: As printed.
        uncertain: Why it may be wrong; None where there is no reason to doubt it.
        preferred: The value that the rest of the paper supports; None where that is `value`, or is
            not known.
        alternatives: Other values that the paper prints for the same result.
    """

    value: float
    uncertain: str | None = None
    preferred: float | None = None
    alternatives: tuple[float, ...] = ()

    @property
    def reference(self) -> float:
        """The value to compare with: the preferred one, else the printed one."""
        return self.value if self.preferred is None else self.preferred


@dataclass(frozen=True, kw_only=True)
class PublishedCorpus:
    """How the paper used a corpus.

    Attributes:
        classes: Number of classes within the corpus; across corpora there are four.
        utterances: Number of utterances of the four classes.
    """

    classes: int
    utterances: int


def source() -> str:
    """The publication that the numbers are from."""
    return str(_paper()["source"])


def title(table: str) -> str:
    """What a table shows; `table` is a Roman number."""
    return str(_paper()["tables"][table]["title"])


def notes(table: str) -> tuple[str, ...]:
    """What a reader must know about a whole table of the paper."""
    return tuple(_paper()["tables"][table]["notes"])


def rows(table: str) -> tuple[str, ...]:
    """The rows of a table in the paper's order: corpora, pairs, models or publications."""
    return tuple(_paper()["tables"][table]["cells"])


def published(table: str, *place: str) -> Published | None:
    """A printed number.

    Args:
        table: `II`, `III`, `IV`, `V` or `VI`.
        place: Row and column; in Table V row, shots and column.

    Returns:
        The number; None where the paper has none.

    Example:
        >>> published("IV", "emodb->emovo", "mdat")
        Published(value=56.25, uncertain=None, preferred=None, alternatives=())
        >>> published("V", "iemocap->emodb", "0", "mdat").reference
        42.48
        >>> published("II", "emodb", "svm") is None
        True
    """
    cell = _paper()["tables"][table]["cells"]
    for word in place:
        cell = cell.get(word)
        if cell is None:
            return None
    if isinstance(cell, float):
        return Published(value=cell)
    return Published(**cell | {"alternatives": tuple(cell.get("alternatives", ()))})


def features(publication: str) -> tuple[str, str]:
    """Audio and text features of a row of Table III."""
    audio, text = _paper()["tables"]["III"]["features"][publication]
    return audio, text


def corpus(name: str) -> PublishedCorpus:
    """How the paper used a corpus; `name` is in lower case."""
    return PublishedCorpus(**_paper()["corpora"][name])


@cache
def _paper() -> dict[str, Any]:
    text = files("mdat_train.tables.cells").joinpath("published.json").read_text(encoding="utf-8")
    paper: dict[str, Any] = json.loads(text)
    return paper
