"""What the command says before and after the encoding."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from mdat_extract.asr.transcribe import transcripts_file
from mdat_extract.config import ExtractSettings
from mdat_extract.encode import Summary
from mdat_extract.encoders import OFFLINE_TEXT
from mdat_extract.inputs.prepared_corpus import Material

SHOWN = 10
"""At most so many ids are listed one by one."""


def before(settings: ExtractSettings, material: Material) -> str:
    """Describe what is to be encoded.

    Args:
        settings: What the user chose.
        material: What `prepare` returned.

    Returns:
        Lines of text.
    """
    utterances = [recording.utterance for recording in material.recordings]
    return "\n".join(
        [
            f"{material.corpus.name}: {len(utterances)} utterances, {_hours(material)} h"
            f"{f' (a shard of {material.shard_of})' if material.shard_of else ''}",
            f"  emotions: {_counts(utterance.emotion for utterance in utterances)}",
            f"  speakers: {_counts(utterance.speaker for utterance in utterances)}",
            *_reasons(material.left_out),
            *_missing(settings, material),
        ]
    )


def after(settings: ExtractSettings, material: Material, summary: Summary) -> str:
    """Describe what came of it.

    Args:
        settings: What the user chose.
        material: What was encoded.
        summary: What `extract` returned.

    Returns:
        Lines of text.
    """
    state = "nothing to do, it is there" if summary.nothing_to_do else "written"
    count = len(material.recordings)
    silent = [r.utterance.id for r in material.recordings if not r.utterance.transcript.strip()]
    seen = " ".join(summary.empty_text) or "a row of zeros"
    lines = [
        f"{settings.out}: {state}; {count} utterances, {_hours(material)} h, "
        f"{summary.size / 1e6:.1f} MB",
        *_taken_over(summary.taken_over),
        *_rate(summary),
        *_reasons(material.left_out),
        *(f"  left out, {id}: {reason}" for id, reason in material.failures.items()),
        *_ids(f"recordings cut at {settings.max_seconds:g} s", summary.cut_speech),
        *_ids("transcripts cut at the longest the text encoder takes", summary.cut_text),
        *_recognized(settings, material, silent),
        *_ids(f"without a transcript, so the text branch sees only {seen}", silent),
    ]
    return "\n".join(lines)


def _missing(settings: ExtractSettings, material: Material) -> list[str]:
    """What the text branch will see where there are no transcripts."""
    missing = len(material.untranscribed())
    if not missing:
        return (
            ["  transcripts: none is missing, so --asr has nothing to do"] if settings.asr else []
        )
    if settings.asr:
        return [f"  transcripts: {missing} missing, to be recognised by {settings.asr}"]
    zeros = settings.text_encoder in OFFLINE_TEXT
    seen = "a row of zeros" if zeros else "the tokens of beginning and end"
    return [
        f"  transcripts: {missing} missing; of these the text branch will see only {seen}. "
        "--transcripts FILE.tsv brings them, --asr MODEL recognises them."
    ]


def _recognized(
    settings: ExtractSettings, material: Material, silent: Collection[str]
) -> list[str]:
    if not material.recognized:
        return []
    return [
        f"  transcripts recognised by {material.recognizer}: {len(material.recognized)}; correct "
        f"them in {transcripts_file(settings.out)} and give them back with --transcripts",
        *_ids("  nothing was recognised in", [id for id in material.recognized if id in silent]),
    ]


def _hours(material: Material) -> str:
    return f"{sum(recording.duration for recording in material.recordings) / 3600:.2f}"


def _counts(words: Iterable[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in sorted(Counter(words).items()))


def _taken_over(utterances: int) -> list[str]:
    return [f"  {utterances} utterances taken over from an earlier run"] if utterances else []


def _rate(summary: Summary) -> list[str]:
    rate = f"{summary.seconds / summary.elapsed:.1f} times real time" if summary.elapsed else ""
    took = f"  encoded {summary.seconds:.0f} s of audio in {summary.elapsed:.1f} s: {rate}"
    return [] if summary.nothing_to_do else [took]


def _reasons(left_out: Mapping[str, int]) -> list[str]:
    return [f"  left out: {count} ({reason})" for reason, count in sorted(left_out.items())]


def _ids(what: str, ids: Iterable[str]) -> list[str]:
    ids = list(ids)
    more = ", …" if len(ids) > SHOWN else ""
    return [f"  {what}: {len(ids)} ({', '.join(ids[:SHOWN])}{more})"] if ids else []
