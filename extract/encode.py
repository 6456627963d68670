"""From the recordings of a corpus to a features file."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack

import numpy as np

from mdat_data.cache import Features, FeaturesWriter, exclusive, refuse_held, reporting_full_disk
from mdat_data.process.output import check_writable
from mdat_extract.asr.transcribe import transcribe_missing
from mdat_extract.config import NONE, ExtractConfig, ExtractOptions
from mdat_extract.encoders import SpeechEncoder, TextEncoder, speech_encoder, text_encoder
from mdat_extract.inputs.prefetch import prefetch
from mdat_extract.inputs.prepared_corpus import (
    PreparedCorpus,
    load_recording,
    prepare,
    seconds_used,
)
from mdat_extract.progress import Progress, Silent
from mdat_extract.provenance import describe

BATCHES_AHEAD = 2
"""Number of batches whose audio is decoded while another batch is encoded."""


@dataclass(frozen=True, kw_only=True)
class ExtractSummary:
    """The result of an extraction.

    Attributes:
        out: The features file.
        corpus: The utterances in it, and what was left out.
        nothing_to_do: The file was finished before, with the same settings.
        taken_over: Number of utterances that an earlier run had encoded.
        seconds: Seconds of audio that this run encoded.
        elapsed: Seconds that encoding and writing took.
        cut_speech: Ids of recordings that are longer than `max_seconds`.
        cut_text: Ids of transcripts that are longer than the limit of the text encoder.
        empty_text: Tokens that the text encoder sees for an empty transcript.
        causal_text: Whether a token of the text encoder sees only the tokens before it.
        size: Size of the file, in bytes.
    """

    out: Path
    corpus: PreparedCorpus
    nothing_to_do: bool
    taken_over: int
    seconds: float
    elapsed: float
    cut_speech: tuple[str, ...]
    cut_text: tuple[str, ...]
    empty_text: tuple[str, ...]
    causal_text: bool
    size: int


def extract(
    corpus: str | Path | ExtractConfig,
    *,
    progress: Progress | None = None,
    **options: Unpack[ExtractOptions],
) -> ExtractSummary:
    """Encode the recordings of a corpus into a features file.

    After an interruption, the same call continues where it stopped.

    Args:
        corpus: Name of a corpus, path of a manifest, or folder of an audformat database. Or a
            configuration, in which `options` replace fields.
        progress: Reports the progress; None reports nothing.
        options: Fields of `ExtractConfig`, described there with their defaults. `out`, the file
            to write, has no default.

    Returns:
        What is in the file, and what this call did.

    Raises:
        InputError: The user's files or options are wrong, or another process writes the file.

    Example:
        ```python
        mdat_extract.extract(
            "emodb",
            root="corpora/emodb",
            out="emodb.h5",
            speech_encoder="logmel",
            text_encoder="char-ngram",
        )
        ```
    """
    if isinstance(corpus, ExtractConfig):
        config = replace(corpus, **options)
    else:
        config = ExtractConfig(corpus=corpus, **options)
    progress, out = progress or Silent(), Path(config.out)
    check_writable(out)
    refuse_held(out)
    prepared = prepare(config)
    progress.prepared(prepared)
    with reporting_full_disk(out), exclusive(out):
        return _encode(config, transcribe_missing(config, prepared, progress), progress)


def _encode(config: ExtractConfig, corpus: PreparedCorpus, progress: Progress) -> ExtractSummary:
    speech, text = _speech_encoder(config), _text_encoder(config)
    long = [r.utterance.id for r in corpus.recordings if speech and r.duration > config.max_seconds]
    cut_text = [
        r.utterance.id for r in corpus.recordings if text and text.cuts(r.utterance.transcript)
    ]
    writer = FeaturesWriter.open(
        Path(config.out),
        root=corpus.corpus.root,
        recordings=corpus.recordings,
        provenance=describe(config, corpus, speech=speech, text=text, cut={*long, *cut_text}),
        plan=corpus.plan,
    )
    start = time.monotonic()
    taken_over, seconds = (0, 0.0)
    if not writer.finished:
        taken_over, seconds = _write(writer, config, speech, text, progress)
    return ExtractSummary(
        out=writer.out,
        corpus=corpus,
        nothing_to_do=writer.finished,
        taken_over=taken_over,
        seconds=seconds,
        elapsed=time.monotonic() - start,
        cut_speech=tuple(long),
        cut_text=tuple(cut_text),
        empty_text=text.tokens("") if text else (),
        causal_text=text is not None and text.causal,
        size=writer.out.stat().st_size,
    )


def _speech_encoder(config: ExtractConfig) -> SpeechEncoder | None:
    if config.speech_encoder == NONE:
        return None
    how = {"device": config.device, "precision": config.precision}
    return speech_encoder(config.speech_encoder, layers=config.speech_layer, **how)


def _text_encoder(config: ExtractConfig) -> TextEncoder | None:
    if config.text_encoder == NONE:
        return None
    how = {"device": config.device, "precision": config.precision, "prefix": config.text_prefix}
    return text_encoder(config.text_encoder, layers=config.text_layer, **how)


def _write(
    writer: FeaturesWriter,
    config: ExtractConfig,
    speech: SpeechEncoder | None,
    text: TextEncoder | None,
    progress: Progress,
) -> tuple[int, float]:
    """Encode the missing batches and assemble the file.

    Returns:
        The number of utterances that were there, and the seconds of audio that were encoded.
    """
    batches = [[writer.recordings[index] for index in indices] for indices in writer.plan]
    seconds = [sum(seconds_used(r, config) for r in batch) for batch in batches]
    pending = writer.pending()
    done = set(range(len(batches))).difference(pending)
    taken_over = sum(len(batches[number]) for number in done)

    def load(number: int) -> list[np.ndarray]:
        return [load_recording(recording, config) for recording in batches[number] if speech]

    with progress.stage("encode", len(writer.recordings), sum(seconds)) as advance:
        advance(taken_over, sum(seconds[number] for number in done))
        loaded = prefetch(load, pending, ahead=BATCHES_AHEAD)
        for number, waveforms in zip(pending, loaded, strict=True):
            texts = [recording.utterance.transcript for recording in batches[number]]
            writer.write(number, _features(speech, text, waveforms, texts))
            advance(len(texts), seconds[number])
        writer.assemble()
    return taken_over, sum(seconds[number] for number in pending)


def _features(
    speech: SpeechEncoder | None,
    text: TextEncoder | None,
    waveforms: Sequence[np.ndarray],
    texts: Sequence[str],
) -> list[Features]:
    nothing: list[dict[str, np.ndarray]] = [{}] * len(texts)
    tokens = [text.tokens(transcript) if text else () for transcript in texts]
    spoken = speech.encode(waveforms) if speech else nothing
    written = text.encode(texts) if text else nothing
    encoded = zip(spoken, written, tokens, strict=True)
    return [Features(speech=s, text=t, tokens=k) for s, t, k in encoded]
