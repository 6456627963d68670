"""What a corpus is once it has been read."""

from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mdat_data.errors import InputError
from mdat_data.utterance import Utterance

Reading = Generator[Utterance, None, Counter[str]]
"""What `read` of a corpus module is: utterances, and at the end what it left out, by reason."""

FOREIGN = "file name is not of the corpus"
"""The reason for leaving out a file that lies among the recordings but is not named like them."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """The utterances of one corpus, in order of their ids.

    Attributes:
        name: The name by which it was asked for.
        language: ISO 639-1 code; several are sorted and joined by commas.
        root: The folder of the recordings.
        utterances: What was kept.
        left_out: How many were not, by reason.

    Raises:
        InputError: If two utterances have the same id.
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
                f"{self.name}: expected one recording an id, but {len(repeated)} ids have several, "
                f"the first {repeated[0]!r}. Remove the copies from {self.root}."
            )
