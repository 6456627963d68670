"""The whole way from recordings to a features file."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mdat_data import InputError
from mdat_data.cache import CacheWriter, Features, Recording
from mdat_extract.ahead import map_ahead
from mdat_extract.audio import SAMPLING_RATE, load
from mdat_extract.encoders import Encoder, speech_encoder, text_encoder
from mdat_extract.material import Material, prepare
from mdat_extract.plan import plan_batches
from mdat_extract.provenance import describe
from mdat_extract.settings import ExtractSettings

BATCHES_AHEAD = 2
"""Decoded while one is encoded."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far an extraction is.

    Attributes:
        utterances: In the file or on the way into it, with those of an earlier run.
        seconds: Of audio, likewise.
    """

    utterances: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What came of an extraction.

    Attributes:
        nothing_to_do: The file was there already, made with the same settings.
        seconds: Of audio, encoded by this run.
        elapsed: Seconds of encoding and writing.
        cut_speech: Ids of recordings that are longer than `max_seconds`.
        cut_text: Ids of transcripts that are longer than the text encoder takes.
        size: Of the file, in bytes.
    """

    nothing_to_do: bool
    seconds: float
    elapsed: float
    cut_speech: tuple[str, ...]
    cut_text: tuple[str, ...]
    size: int


def extract(
    settings: ExtractSettings,
    material: Material | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Summary:
    """Encode a corpus; after an interruption the same call goes on.

    Args:
        settings: What the user chose.
        material: What `prepare(settings)` returned; None prepares it here.
        progress: Called at the start and after every batch.

    Returns:
        What came of it.

    Raises:
        InputError: The user's files or options are wrong.
    """
    material = material or prepare(settings)
    recordings = material.recordings
    how = {"device": settings.device, "precision": settings.precision}
    speech = speech_encoder(settings.speech_encoder, layers=settings.speech_layer, **how)
    text = text_encoder(settings.text_encoder, layers=settings.text_layer, **how)
    cut_speech = [r.utterance.id for r in recordings if r.duration > settings.max_seconds]
    cut_text = [r.utterance.id for r in recordings if text.cuts(r.utterance.transcript)]
    writer = CacheWriter(
        settings.out,
        root=material.corpus.root,
        recordings=recordings,
        provenance=describe(
            settings, material, speech=speech, text=text, cut=sorted({*cut_speech, *cut_text})
        ),
        plan=plan_batches(
            [samples(recording, settings) for recording in recordings],
            [recording.utterance.id for recording in recordings],
            max_samples=round(settings.batch_seconds * SAMPLING_RATE),
        ),
    )
    start = time.monotonic()
    seconds = 0.0
    if not writer.finished:
        seconds = _encode(writer, settings, speech, text, progress)
        writer.assemble()
    return Summary(
        nothing_to_do=writer.finished,
        seconds=seconds,
        elapsed=time.monotonic() - start,
        cut_speech=tuple(cut_speech),
        cut_text=tuple(cut_text),
        size=settings.out.stat().st_size,
    )


def samples(recording: Recording, settings: ExtractSettings) -> int:
    """Length of what is encoded of a recording, at 16 kHz.

    Args:
        recording: The recording.
        settings: What the user chose.

    Returns:
        Its samples up to `max_seconds`.
    """
    return round(min(recording.duration, settings.max_seconds) * SAMPLING_RATE)


def _encode(
    writer: CacheWriter,
    settings: ExtractSettings,
    speech: Encoder[np.ndarray],
    text: Encoder[str],
    progress: Callable[[Progress], None],
) -> float:
    """Write the batches that are not there yet, and return the seconds of audio in them."""

    def waveforms(batch: Sequence[Recording]) -> list[np.ndarray]:
        return [_load(recording)[: samples(recording, settings)] for recording in batch]

    batches = [[writer.recordings[index] for index in indices] for indices in writer.plan]
    seconds = [sum(samples(r, settings) for r in batch) / SAMPLING_RATE for batch in batches]
    pending = writer.pending()
    missing = set(pending)
    done = [number for number in range(len(batches)) if number not in missing]

    def report() -> None:
        progress(
            Progress(
                utterances=sum(len(batches[number]) for number in done),
                seconds=sum(seconds[number] for number in done),
            )
        )

    report()
    heard = map_ahead(waveforms, (batches[number] for number in pending), ahead=BATCHES_AHEAD)
    for number, batch in zip(pending, heard, strict=True):
        spoken = speech.encode(batch)
        written = text.encode([r.utterance.transcript for r in batches[number]])
        features = [Features(speech=s, text=t) for s, t in zip(spoken, written, strict=True)]
        writer.write(number, features)
        done.append(number)
        report()
    return sum(seconds[number] for number in pending)


def _load(recording: Recording) -> np.ndarray:
    try:
        return load(recording.utterance.audio)
    except InputError as error:
        raise InputError(f"{recording.utterance.audio} has changed: {error}") from error
