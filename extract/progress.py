"""How `extract` reports what it does while it works."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

from mdat_extract.inputs.prepared_corpus import PreparedCorpus

Stage = Literal["transcribe", "encode"]

Advance = Callable[[int, float], None]
"""Called with a number of utterances and their seconds of audio: first with those that an earlier
run finished, then with those of each piece of work."""


class Progress(Protocol):
    """What `extract` calls while it works."""

    def prepared(self, corpus: PreparedCorpus) -> None:
        """Take note of the corpus, before a model is loaded.

        Args:
            corpus: The utterances to encode.
        """

    def stage(
        self, stage: Stage, utterances: int, seconds: float
    ) -> AbstractContextManager[Advance]:
        """Begin a stage, which lasts as long as the context.

        Args:
            stage: `transcribe`, where transcripts are recognised, or `encode`.
            utterances: Total number of utterances of the stage.
            seconds: Their total seconds of audio.

        Returns:
            A context that gives the function to call with each piece of work.
        """


class Silent:
    """A `Progress` that reports nothing."""

    def prepared(self, corpus: PreparedCorpus) -> None:
        """Ignore the corpus."""

    def stage(
        self, stage: Stage, utterances: int, seconds: float
    ) -> AbstractContextManager[Advance]:
        """Ignore the stage."""
        return nullcontext(lambda utterances, seconds: None)
