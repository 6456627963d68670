"""A progress of `mdat_extract.extract` that keeps what is reported."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class RecordedProgress:
    """Keeps every call.

    Attributes:
        corpora: The prepared corpora.
        totals: Stage -> its number of utterances and seconds of audio.
        calls: Stage -> the number of utterances and seconds of each call of `advance`.
    """

    corpora: list[Any] = field(default_factory=list)
    totals: dict[str, tuple[int, float]] = field(default_factory=dict)
    calls: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def prepared(self, corpus: Any) -> None:
        """Keep the corpus."""
        self.corpora.append(corpus)

    @contextmanager
    def stage(
        self, stage: str, utterances: int, seconds: float
    ) -> Iterator[Callable[[int, float], None]]:
        """Keep the totals, and every call in the context."""
        self.totals[stage] = (utterances, seconds)
        self.calls[stage] = []
        yield lambda *call: self.calls[stage].append(call)
