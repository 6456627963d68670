"""A corpus in memory."""

import re
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from mdat_data.errors import InputError, listed
from mdat_data.printable import UNPRINTABLE
from mdat_data.utterance import Utterance

Reading = Generator[Utterance, None, Counter[str]]
"""What `read` of a corpus module returns: a generator of utterances, which in the end returns the
number of recordings that were left out, by reason."""

FOREIGN = "file name is not of the corpus"
"""The reason for leaving out a file whose name does not follow the pattern of the corpus."""

NAMES = ("id", "emotion", "speaker", "group", "language", "sex")
"""Fields of an utterance that become names in tables and messages, where each stands on a line."""

UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
"""What a features file cannot hold in any text: NUL, and halves of characters."""


class Size(NamedTuple):
    """The size of a complete corpus, as its module reads it.

    Attributes:
        recordings: Number of recordings that are kept.
        speakers: Number of their speakers.
        hours: Their duration, about.
    """

    recordings: int
    speakers: int
    hours: float


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """The utterances of one corpus, in the order of their ids.

    Attributes:
        name: Name of the corpus.
        language: ISO 639-1 code; several are sorted and joined by commas.
        root: Folder of the recordings.
        utterances: The utterances that were kept.
        left_out: The number of recordings that were left out, by reason.

    Raises:
        InputError: Two utterances have the same id, a name holds a control character, or a
            transcript or path cannot be stored.
    """

    name: str
    language: str
    root: Path
    utterances: tuple[Utterance, ...]
    left_out: Mapping[str, int]

    def __post_init__(self) -> None:
        if faults := [fault for u in self.utterances for fault in _unusable(u)]:
            raise InputError(
                f"{self.name}: expected names without tabs, line breaks and other control "
                f"characters, and text that UTF-8 can hold, but got {len(faults)} others: "
                f"{listed(faults)}. Correct them in the table, or rename the files, and repeat the "
                "command."
            )
        counts = Counter(utterance.id for utterance in self.utterances)
        if repeated := [id for id, count in counts.items() if count > 1]:
            raise InputError(
                f"{self.name}: expected one recording for each id, but {len(repeated)} ids have "
                f"several: {listed(repeated)}. Remove the copies from {self.root}."
            )


def _unusable(utterance: Utterance) -> Iterator[str]:
    """The fields of an utterance that could not be written, printed or read again."""
    for field in NAMES:
        if UNPRINTABLE.search(value := getattr(utterance, field) or ""):
            yield f"{field} {value!r}"
    for field in ("transcript", "audio"):
        if UNWRITABLE.search(str(getattr(utterance, field))):
            yield f"{field} of {utterance.id}"
