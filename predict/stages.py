"""The way of recordings through segmentation, batches and models, in bounded memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mdat_data import InputError
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.inputs.batch_plan import plan_batches
from mdat_predict.config import AUTO, UNKNOWN_LANGUAGE, WHOLE, PredictConfig
from mdat_predict.inputs.recognition import Recognition
from mdat_predict.inputs.sources import Source
from mdat_predict.prediction import Prediction, Segment
from mdat_predict.saved.scales import Streams
from mdat_predict.segments import Piece, divided


@dataclass(frozen=True)
class Failure:
    """A recording that cannot be used.

    Attributes:
        recording: Its name.
        reason: Why.
    """

    recording: str
    reason: str


@dataclass(frozen=True)
class Found:
    """A segment that is predicted.

    Attributes:
        recording: Name of its recording.
        segment: The segment.
        waveform: (samples,) float32 at 16 kHz of the segment.
        features: For each member of the model the features (T, D) of every stream, as lists of one.
    """

    recording: str
    segment: Segment
    waveform: np.ndarray
    features: Sequence[Streams]


Outcome = Found | Prediction | Failure
"""A segment; after its last segment a recording; or a recording that cannot be used."""


@dataclass(frozen=True)
class Job:
    """A segment to predict.

    Attributes:
        source: Its recording.
        piece: Its samples.
        transcript: What is said in it; None where that is not known.
    """

    source: Source
    piece: Piece
    transcript: str | None

    def found(
        self, probabilities: Sequence[float], said: str, features: Sequence[Streams]
    ) -> Found:
        """The segment with what is predicted, what is said and what was read of it."""
        segment = Segment(self.piece.start, self.piece.end, tuple(probabilities), said)
        return Found(self.source.name, segment, self.piece.waveform, features)


@dataclass(frozen=True)
class End:
    """The end of a recording, behind its last segment.

    Attributes:
        source: The recording.
        duration: In seconds.
    """

    source: Source
    duration: float


Item = Job | End | Failure


def segmentation(source: Source, config: PredictConfig) -> str:
    """How a recording is divided: `auto`, `fixed` or `whole`."""
    utterance = source.utterance is not None or source.transcript is not None
    return config.segments or (WHOLE if utterance else AUTO)


def spoken(source: Source, config: PredictConfig) -> str | None:
    """What is said in each segment of a recording, as far as its transcript tells."""
    return source.transcript if segmentation(source, config) == WHOLE else None


def items(sources: Iterable[Source], config: PredictConfig, crop: float | None) -> Iterator[Item]:
    """Divide recordings, one after the other.

    Args:
        sources: The recordings.
        config: How they are divided.
        crop: Seconds that the encoders take at most; None where they have no limit.

    Yields:
        For each recording its segments and its end; of one that cannot be used a failure.
    """
    for source in sources:
        pieces = divided(source.path, segmentation(source, config), config, crop)
        try:
            while True:
                yield Job(source, next(pieces), spoken(source, config))
        except StopIteration as end:
            yield End(source, end.value)
        except InputError as error:
            yield Failure(source.name, str(error))


def gathered(found: Iterable[Item], *, seconds: float) -> Iterator[list[Item]]:
    """Gather items until their segments have some seconds of audio together."""
    waiting: list[Item] = []
    total = 0.0
    for item in found:
        waiting.append(item)
        total += item.piece.end - item.piece.start if isinstance(item, Job) else 0.0
        if total >= seconds:
            yield waiting
            waiting, total = [], 0.0
    yield waiting


def planned(jobs: Sequence[Job], *, seconds: float) -> list[list[int]]:
    """Group segments of similar length, as extraction does; indices of the jobs."""
    return plan_batches(
        [len(job.piece.waveform) for job in jobs],
        [f"{number:09}" for number in range(len(jobs))],
        max_samples=round(seconds * SAMPLING_RATE),
    )


def words(jobs: Sequence[Job], recognition: Recognition | None, language: str | None) -> list[str]:
    """The transcript of each segment; recognised where it is missing, or else empty."""
    return [_words(job, recognition, language) for job in jobs]


def _words(job: Job, recognition: Recognition | None, language: str | None) -> str:
    if job.transcript is not None or recognition is None:
        return job.transcript or ""
    spoken = job.source.utterance.language if job.source.utterance else UNKNOWN_LANGUAGE
    return recognition.transcript(job.piece.waveform, language or spoken)


def waveforms(jobs: Sequence[Job]) -> list[np.ndarray]:
    """The samples of each segment."""
    return [job.piece.waveform for job in jobs]
