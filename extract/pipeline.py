"""The whole way from recordings to a features file."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mdat_data.cache import CacheWriter, Features, Recording
from mdat_extract.ahead import map_ahead
from mdat_extract.audio import SAMPLING_RATE
from mdat_extract.encoders import SpeechEncoder, TextEncoder, speech_encoder, text_encoder
from mdat_extract.material import Material, load_recording, prepare
from mdat_extract.plan import plan_batches
from mdat_extract.provenance import describe
from mdat_extract.recognition import recognize
from mdat_extract.settings import ExtractSettings

BATCHES_AHEAD = 2
"""Decoded while one is encoded."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What came of an extraction.

    Attributes:
        nothing_to_do: The file was there already, made with the same settings.
        seconds: Of audio, encoded by this run.
        elapsed: Seconds of encoding and writing.
        cut_speech: Ids of recordings that are longer than `max_seconds`.
        cut_text: Ids of transcripts that are longer than the text encoder takes.
        empty_text: The tokens that the text branch sees of an empty transcript.
        size: Of the file, in bytes.
    """

    nothing_to_do: bool
    seconds: float
    elapsed: float
    cut_speech: tuple[str, ...]
    cut_text: tuple[str, ...]
    empty_text: tuple[str, ...]
    size: int


def extract(
    settings: ExtractSettings,
    material: Material | None = None,
    progress: Callable[[int, float], None] = lambda utterances, seconds: None,
) -> Summary:
    """Encode a corpus; after an interruption the same call goes on.

    Args:
        settings: What the user chose.
        material: What `recognize(settings, prepare(settings))` returned; None makes it here.
        progress: Called with a number of utterances and their seconds of audio: first with those
            of an earlier run, then with those of each batch.

    Returns:
        What came of it.

    Raises:
        InputError: The user's files or options are wrong.
    """
    material = material or recognize(settings, prepare(settings))
    how = {"device": settings.device, "precision": settings.precision}
    speech = speech_encoder(settings.speech_encoder, layers=settings.speech_layer, **how)
    text = text_encoder(settings.text_encoder, layers=settings.text_layer, **how)
    utterances = {recording.utterance: recording.duration for recording in material.recordings}
    cut_speech = [u.id for u, seconds in utterances.items() if seconds > settings.max_seconds]
    cut_text = [u.id for u in utterances if text.cuts(u.transcript)]
    writer = CacheWriter(
        settings.out,
        root=material.corpus.root,
        recordings=material.recordings,
        provenance=describe(
            settings, material, speech=speech, text=text, cut={*cut_speech, *cut_text}
        ),
        plan=_plan(settings, material),
    )
    start = time.monotonic()
    seconds = 0.0 if writer.finished else _write(writer, settings, speech, text, progress)
    return Summary(
        nothing_to_do=writer.finished,
        seconds=seconds,
        elapsed=time.monotonic() - start,
        cut_speech=tuple(cut_speech),
        cut_text=tuple(cut_text),
        empty_text=text.tokens(""),
        size=settings.out.stat().st_size,
    )


def _plan(settings: ExtractSettings, material: Material) -> list[list[int]]:
    return plan_batches(
        [_samples(recording, settings) for recording in material.recordings],
        [recording.utterance.id for recording in material.recordings],
        max_samples=round(settings.batch_seconds * SAMPLING_RATE),
    )


def _samples(recording: Recording, settings: ExtractSettings) -> int:
    """Length of what is encoded of a recording."""
    return round(min(recording.duration, settings.max_seconds) * SAMPLING_RATE)


def _write(
    writer: CacheWriter,
    settings: ExtractSettings,
    speech: SpeechEncoder,
    text: TextEncoder,
    progress: Callable[[int, float], None],
) -> float:
    """Encode the batches that are not there yet, and return the seconds of audio in them."""
    batches = [[writer.recordings[index] for index in indices] for indices in writer.plan]
    seconds = [sum(_samples(r, settings) for r in batch) / SAMPLING_RATE for batch in batches]
    pending = writer.pending()
    done = set(range(len(batches))).difference(pending)
    progress(sum(len(batches[number]) for number in done), sum(seconds[number] for number in done))

    def load_batch(number: int) -> list[np.ndarray]:
        return [load_recording(recording, settings) for recording in batches[number]]

    for number, waveforms in zip(
        pending, map_ahead(load_batch, pending, ahead=BATCHES_AHEAD), strict=True
    ):
        texts = [recording.utterance.transcript for recording in batches[number]]
        tokens = [text.tokens(transcript) for transcript in texts]
        encoded = zip(speech.encode(waveforms), text.encode(texts), tokens, strict=True)
        writer.write(number, [Features(speech=s, text=t, tokens=k) for s, t, k in encoded])
        progress(len(texts), seconds[number])
    writer.assemble()
    return sum(seconds[number] for number in pending)
