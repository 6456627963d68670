"""Speech recognition for the utterances that have no transcript."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mdat_data.cache import Recording
from mdat_extract.asr.transcript_table import TranscriptOrigin, TranscriptTable
from mdat_extract.config import ExtractConfig
from mdat_extract.inputs.prefetch import prefetch
from mdat_extract.inputs.prepared_corpus import PreparedCorpus, load_recording, seconds_used
from mdat_extract.progress import Advance, Progress

if TYPE_CHECKING:
    from mdat_extract.encoders.locate import Pretrained

AHEAD = 2
"""Number of recordings that are decoded while another is recognised."""

OTHERWISE = "leave out --asr; --transcripts FILE.tsv adds transcripts of your own"


def transcripts_file(out: str | Path) -> Path:
    """Path of the table of recognised transcripts.

    Args:
        out: The features file.

    Returns:
        `<out>.transcripts.tsv`.
    """
    out = Path(out)
    return out.with_name(f"{out.name}.transcripts.tsv")


def transcribe_missing(
    config: ExtractConfig, corpus: PreparedCorpus, progress: Progress
) -> PreparedCorpus:
    """Recognise the missing transcripts. After an interruption the same call continues.

    Args:
        config: The configuration.
        corpus: The result of `prepare(config)`.
        progress: Reports the stage `transcribe`.

    Returns:
        The corpus with transcripts; the same object where there is no recogniser or no transcript
        is missing.

    Raises:
        InputError: The model cannot be used or does not know the language, or the table of
            transcripts was made with other settings.
    """
    if config.asr is None or not corpus.missing:
        return corpus
    from mdat_extract.encoders.locate import locate

    source = locate(config.asr, otherwise=OTHERWISE)
    model = f"{source.name}@{source.revision}"
    missing = corpus.untranscribed()
    table = TranscriptTable.open(
        transcripts_file(config.out),
        {r.utterance.id: _origin(r, config, model) for r in missing},
        known=[utterance.id for utterance in corpus.corpus.utterances],
    )
    seconds = {r: seconds_used(r, config) for r in missing}
    pending = [r for r in missing if r.utterance.id not in table.texts]
    with progress.stage("transcribe", len(missing), sum(seconds.values())) as advance:
        done = [r for r in missing if r.utterance.id in table.texts]
        advance(len(done), sum(seconds[r] for r in done))
        if pending:
            _transcribe(pending, source, table, config, advance)
    return replace(
        corpus,
        recordings=tuple(_with_text(r, table.texts) for r in corpus.recordings),
        recognizer=model,
        recognized=tuple(r.utterance.id for r in missing),
    )


def _transcribe(
    recordings: Sequence[Recording],
    source: "Pretrained",
    table: TranscriptTable,
    config: ExtractConfig,
    advance: Advance,
) -> None:
    from mdat_extract.asr.recognizer import load_recognizer

    recognizer = load_recognizer(source, device=config.device)
    for language in sorted({r.utterance.language for r in recordings}):
        recognizer.check_language(language)
    loaded = prefetch(lambda r: load_recording(r, config), recordings, ahead=AHEAD)
    for recording, waveform in zip(recordings, loaded, strict=True):
        utterance = recording.utterance
        table.append(utterance.id, recognizer.transcribe(waveform, utterance.language))
        advance(1, seconds_used(recording, config))


def _origin(recording: Recording, config: ExtractConfig, model: str) -> TranscriptOrigin:
    return TranscriptOrigin(
        seconds=f"{seconds_used(recording, config):.4f}",
        language=recording.utterance.language,
        model=model,
        audio_sha256=recording.sha256,
    )


def _with_text(recording: Recording, texts: Mapping[str, str]) -> Recording:
    utterance = recording.utterance
    text = texts.get(utterance.id, utterance.transcript)
    return replace(recording, utterance=replace(utterance, transcript=text))
