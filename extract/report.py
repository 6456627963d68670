"""The text that mdat-extract prints before and after the encoding."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mdat_data.doubts import doubts
from mdat_data.errors import listed
from mdat_data.printable import one_line
from mdat_data.utterance import UNLABELLED
from mdat_extract.asr.transcribe import transcripts_file
from mdat_extract.config import NONE, ExtractConfig
from mdat_extract.encode import ExtractSummary
from mdat_extract.encoders import is_offline
from mdat_extract.inputs.prepared_corpus import PreparedCorpus


def before(config: ExtractConfig, corpus: PreparedCorpus) -> str:
    """Describe the utterances that will be encoded.

    Args:
        config: The configuration.
        corpus: The utterances.

    Returns:
        Lines of text.
    """
    utterances = [recording.utterance for recording in corpus.recordings]
    fingerprints = [recording.fingerprint for recording in corpus.recordings]
    lines = [
        f"{corpus.corpus.name}: {len(utterances)} utterances, {_hours(corpus)} h"
        f"{f' (a shard of {corpus.shard_of})' if corpus.shard_of else ''}",
        f"  emotions: {_counts(utterance.emotion or UNLABELLED for utterance in utterances)}",
        f"  speakers: {_counts(utterance.speaker for utterance in utterances)}",
        *_reasons(corpus.left_out),
        *_missing(config, corpus),
        *(f"  {doubt}" for doubt in doubts(utterances, fingerprints)),
    ]
    return "\n".join(map(one_line, lines))


def after(config: ExtractConfig, summary: ExtractSummary) -> str:
    """Describe the result.

    Args:
        config: The configuration.
        summary: The result of `extract`.

    Returns:
        Lines of text.
    """
    corpus = summary.corpus
    state = "nothing to do, it is finished" if summary.nothing_to_do else "written"
    silent = [r.utterance.id for r in corpus.recordings if not r.utterance.transcript.strip()]
    seen = " ".join(summary.empty_text) or "a row of zeros"
    lines = [
        f"{summary.out}: {state}; {len(corpus.recordings)} utterances, {_hours(corpus)} h, "
        f"{summary.size / 1e6:.1f} MB",
        *_streams(config, summary),
        *_taken_over(summary.taken_over),
        *_rate(summary),
        *_reasons(corpus.left_out),
        *(f"  left out, {id}: {reason}" for id, reason in corpus.failures.items()),
        *_ids(f"recordings cut at {config.max_seconds:g} s", summary.cut_speech),
        *_ids("transcripts cut at the limit of the text encoder", summary.cut_text),
        *_recognized(summary, silent),
        *_ids(f"without a transcript, so that the text encoder sees only {seen}", silent)
        * (config.text_encoder != NONE),
    ]
    return "\n".join(map(one_line, lines))


def _streams(config: ExtractConfig, summary: ExtractSummary) -> list[str]:
    names = {"speech": config.speech_encoder, "text": config.text_encoder}
    absent = [f"  {stream}: not encoded" for stream, name in names.items() if name == NONE]
    causal = f"  text: {config.text_encoder} is a decoder, a token sees only the tokens before it"
    return absent + [causal] * summary.causal_text


def _missing(config: ExtractConfig, corpus: PreparedCorpus) -> list[str]:
    if config.text_encoder == NONE:
        return []
    missing = len(corpus.untranscribed())
    if config.asr:
        state = f"{missing} missing, recognised by {config.asr}" if missing else "none is missing"
        return [f"  transcripts: {state}{'' if missing else ', so --asr has nothing to do'}"]
    if not missing:
        return []
    zeros = is_offline(config.text_encoder, "text")
    seen = "a row of zeros" if zeros else "the tokens of beginning and end"
    return [
        f"  transcripts: {missing} missing; for these the text encoder sees only {seen}. "
        "--transcripts FILE.tsv adds them, --asr MODEL recognises them."
    ]


def _recognized(summary: ExtractSummary, silent: Sequence[str]) -> list[str]:
    corpus = summary.corpus
    if not corpus.recognized:
        return []
    return [
        f"  transcripts recognised by {corpus.recognizer}: {len(corpus.recognized)}; to correct "
        f"them, edit {transcripts_file(summary.out)} and pass it to --transcripts",
        *_ids("  nothing was recognised in", [id for id in corpus.recognized if id in silent]),
    ]


def _hours(corpus: PreparedCorpus) -> str:
    return f"{sum(recording.duration for recording in corpus.recordings) / 3600:.2f}"


def _counts(words: Iterable[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in sorted(Counter(words).items()))


def _taken_over(utterances: int) -> list[str]:
    return [f"  {utterances} utterances taken over from an earlier run"] if utterances else []


def _rate(summary: ExtractSummary) -> list[str]:
    rate = f"{summary.seconds / summary.elapsed:.1f} times real time" if summary.elapsed else ""
    took = f"  encoded {summary.seconds:.0f} s of audio in {summary.elapsed:.1f} s: {rate}"
    return [] if summary.nothing_to_do else [took]


def _reasons(left_out: Mapping[str, int]) -> list[str]:
    return [f"  left out: {count} ({reason})" for reason, count in sorted(left_out.items())]


def _ids(label: str, ids: Sequence[str]) -> list[str]:
    return [f"  {label}: {len(ids)} ({listed(ids)})"] if ids else []
