"""The whole way from recordings to a features file."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mdat_data.cache import CacheWriter, Features, exclusive, reporting_full_disk
from mdat_extract.asr.transcribe import recognize
from mdat_extract.config import ExtractSettings
from mdat_extract.encoders import SpeechEncoder, TextEncoder, speech_encoder, text_encoder
from mdat_extract.inputs.audio import SAMPLING_RATE
from mdat_extract.inputs.prefetch import map_ahead
from mdat_extract.inputs.prepared_corpus import Material, load_recording, prepare, samples
from mdat_extract.provenance import describe

BATCHES_AHEAD = 2
"""Decoded while one is encoded."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What came of an extraction.

    Attributes:
        nothing_to_do: The file was there already, made with the same settings.
        taken_over: Utterances that an earlier run had encoded.
        seconds: Of audio, encoded by this run.
        elapsed: Seconds of encoding and writing.
        cut_speech: Ids of recordings that are longer than `max_seconds`.
        cut_text: Ids of transcripts that are longer than the text encoder takes.
        empty_text: The tokens that the text branch sees of an empty transcript.
        size: Of the file, in bytes.
    """

    nothing_to_do: bool
    taken_over: int
    seconds: float
    elapsed: float
    cut_speech: tuple[str, ...]
    cut_text: tuple[str, ...]
    empty_text: tuple[str, ...]
    size: int


def extract(
    settings: ExtractSettings,
    progress: Callable[[int, float], None] = lambda utterances, seconds: None,
) -> Summary:
    """Go the whole way; after an interruption the same call goes on.

    Args:
        settings: What the user chose.
        progress: As for `encode`.

    Returns:
        What came of it.

    Raises:
        InputError: The user's files or options are wrong, or another process writes the file.
    """
    material = prepare(settings)
    with reporting_full_disk(settings.out), exclusive(settings.out):
        return encode(settings, recognize(settings, material), progress)


def encode(
    settings: ExtractSettings,
    material: Material,
    progress: Callable[[int, float], None] = lambda utterances, seconds: None,
) -> Summary:
    """Encode a corpus; hold `exclusive(settings.out)` around it.

    Args:
        settings: What the user chose.
        material: What `recognize(settings, prepare(settings))` returned.
        progress: Called with a number of utterances and their seconds of audio: first with those
            of an earlier run, then with those of each batch.

    Returns:
        What came of it.

    Raises:
        InputError: The user's files or options are wrong.
    """
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
        plan=material.plan,
    )
    start = time.monotonic()
    seconds, taken_over = (
        (0.0, 0) if writer.finished else _write(writer, settings, speech, text, progress)
    )
    return Summary(
        nothing_to_do=writer.finished,
        taken_over=taken_over,
        seconds=seconds,
        elapsed=time.monotonic() - start,
        cut_speech=tuple(cut_speech),
        cut_text=tuple(cut_text),
        empty_text=text.tokens(""),
        size=settings.out.stat().st_size,
    )


def _write(
    writer: CacheWriter,
    settings: ExtractSettings,
    speech: SpeechEncoder,
    text: TextEncoder,
    progress: Callable[[int, float], None],
) -> tuple[float, int]:
    """Encode what is not there yet; its seconds of audio, and how many utterances were there."""
    batches = [[writer.recordings[index] for index in indices] for indices in writer.plan]
    seconds = [sum(samples(r, settings) for r in batch) / SAMPLING_RATE for batch in batches]
    pending = writer.pending()
    done = set(range(len(batches))).difference(pending)
    taken_over = sum(len(batches[number]) for number in done)
    progress(taken_over, sum(seconds[number] for number in done))

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
    return sum(seconds[number] for number in pending), taken_over
