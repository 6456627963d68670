"""The choices of a prediction. Nothing heavy is imported here."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from mdat_data.errors import InputError, expect
from mdat_extract.config import SHORTEST

AUTO, FIXED, WHOLE = SEGMENTS = ("auto", "fixed", "whole")
UNKNOWN_LANGUAGE = "und"


@dataclass(frozen=True, kw_only=True)
class PredictConfig:
    """The choices of a prediction. Each field is the command-line option of the same name.

    Attributes:
        segments: `auto` finds speech, `fixed` takes windows, `whole` takes each recording as one
            segment. None: `whole` where transcripts are given, which belong to whole recordings,
            else `auto`.
        window: Length of a window of `fixed`, in seconds.
        hop: Seconds from the beginning of a window to that of the next; None for `window`.
        transcripts: Table of transcripts, with the columns id and text.
        asr: Id or folder of a CTC or Whisper model that recognises the missing transcripts.
        language: Of the recordings, as ISO 639-1 code, for a recogniser of several languages.
        rescale: Scale the features by the statistics of the recordings, not by those that are
            saved with the model.
        batch_seconds: Seconds of audio that are encoded together, padding included.

    Raises:
        InputError: A value is not allowed, or has no effect.

    Example:
        >>> PredictConfig(segments="fixed", window=4, hop=2).hop
        2
    """

    segments: str | None = None
    window: float = 3.0
    hop: float | None = None
    transcripts: str | Path | None = None
    asr: str | None = None
    language: str | None = None
    rescale: bool = False
    batch_seconds: float = 60.0

    def __post_init__(self) -> None:
        expect(self, "segments", " or ".join(SEGMENTS), self.segments in (None, *SEGMENTS))
        for name in ("window", "hop"):
            value = getattr(self, name)
            holds = value is None or SHORTEST <= value < math.inf
            expect(self, name, f"at least {SHORTEST} and finite", holds)
        expect(self, "batch_seconds", "above 0 and finite", 0 < self.batch_seconds < math.inf)
        if self.transcripts is not None and self.segments in (AUTO, FIXED):
            raise InputError(
                "--transcripts holds the words of whole recordings, which do not fit segments; got "
                f"--segments {self.segments}. Use --segments whole, or --asr, which recognises "
                "each segment."
            )


class PredictOptions(TypedDict, total=False):
    """The fields of `PredictConfig` as keyword arguments of `Model.predict`."""

    segments: str | None
    window: float
    hop: float | None
    transcripts: str | Path | None
    asr: str | None
    language: str | None
    rescale: bool
    batch_seconds: float
