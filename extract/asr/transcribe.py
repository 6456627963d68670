"""Transcripts by speech recognition, for the utterances that have none."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mdat_data.cache import Recording
from mdat_extract.asr.transcript_table import Hearing, TranscriptLog
from mdat_extract.config import ExtractSettings
from mdat_extract.inputs.prefetch import map_ahead
from mdat_extract.inputs.prepared_corpus import Material, load_recording

if TYPE_CHECKING:
    from mdat_extract.encoders.pretrained import Pretrained

AHEAD = 2
"""Recordings decoded while one is recognised."""

OTHERWISE = "leave out --asr; --transcripts FILE.tsv brings transcripts of your own"


def transcripts_file(out: Path) -> Path:
    """Where recognised transcripts are written.

    Args:
        out: The features file.

    Returns:
        `<out>.transcripts.tsv`.
    """
    return out.with_name(f"{out.name}.transcripts.tsv")


def recognize(
    settings: ExtractSettings,
    material: Material,
    progress: Callable[[int, float], None] = lambda utterances, seconds: None,
) -> Material:
    """Fill in the missing transcripts; after an interruption the same call goes on.

    Args:
        settings: What the user chose.
        material: What `prepare(settings)` returned.
        progress: Called with a number of utterances and their seconds of audio: first with those
            of an earlier run, then with each.

    Returns:
        The material with transcripts; the same where no recogniser is wanted or nothing is missing.

    Raises:
        InputError: The model cannot be used, does not know the language, or the transcripts that
            are there were recognised otherwise.
    """
    if settings.asr is None or not material.missing:
        return material
    from mdat_extract.encoders.pretrained import locate

    source = locate(settings.asr, otherwise=OTHERWISE)
    model = f"{source.name}@{source.revision}"
    missing = material.untranscribed()
    log = TranscriptLog(
        transcripts_file(settings.out),
        {r.utterance.id: _hearing(r, settings, model) for r in missing},
        known=[utterance.id for utterance in material.corpus.utterances],
    )
    pending = [r for r in missing if r.utterance.id not in log.texts]
    done = [r for r in missing if r.utterance.id in log.texts]
    progress(len(done), sum(_seconds(r, settings) for r in done))
    if pending:
        _transcribe(pending, source, log, settings, progress)
    return replace(
        material,
        recordings=tuple(_with_text(r, log.texts) for r in material.recordings),
        recognizer=model,
        recognized=tuple(r.utterance.id for r in missing),
    )


def _transcribe(
    recordings: Sequence[Recording],
    source: "Pretrained",
    log: TranscriptLog,
    settings: ExtractSettings,
    progress: Callable[[int, float], None],
) -> None:
    from mdat_extract.asr.recognizer import load_recognizer

    recognizer = load_recognizer(source, device=settings.device)
    for language in sorted({r.utterance.language for r in recordings}):
        recognizer.check_language(language)
    loaded = map_ahead(lambda r: load_recording(r, settings), recordings, ahead=AHEAD)
    for recording, waveform in zip(recordings, loaded, strict=True):
        utterance = recording.utterance
        log.append(utterance.id, recognizer.transcribe(waveform, utterance.language))
        progress(1, _seconds(recording, settings))


def _hearing(recording: Recording, settings: ExtractSettings, model: str) -> Hearing:
    return Hearing(
        seconds=f"{_seconds(recording, settings):.4f}",
        language=recording.utterance.language,
        model=model,
        audio_sha256=recording.sha256,
    )


def _seconds(recording: Recording, settings: ExtractSettings) -> float:
    return min(recording.duration, settings.max_seconds)


def _with_text(recording: Recording, texts: dict[str, str]) -> Recording:
    utterance = recording.utterance
    text = texts.get(utterance.id, utterance.transcript)
    return replace(recording, utterance=replace(utterance, transcript=text))
