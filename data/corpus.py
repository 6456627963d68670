"""A corpus in memory."""

from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mdat_data.errors import InputError, listed
from mdat_data.utterance import Utterance

Reading = Generator[Utterance, None, Counter[str]]
"""What `read` of a corpus module returns: a generator of utterances, which in the end returns the
number of recordings that were left out, by reason."""

FOREIGN = "file name is not of the corpus"
"""The reason for leaving out a file whose name does not follow the pattern of the corpus."""


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
        InputError: Two utterances have the same id.
    """

    name: str
    language: str
    root: Path
    utterances: tuple[Utterance, ...]
    left_out: Mapping[str, int]

    def __post_init__(self) -> None:
        counts = Counter(utterance.id for utterance in self.utterances)
        if repeated := [id for id, count in counts.items() if count > 1]:
            raise InputError(
                f"{self.name}: expected one recording for each id, but {len(repeated)} ids have "
                f"several: {listed(repeated)}. Remove the copies from {self.root}."
            )
