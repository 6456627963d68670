"""What is to be encoded: the utterances of a corpus whose recordings can be used."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

import numpy as np

from mdat_data import InputError, Utterance
from mdat_data.cache import Recording, census, refuse_held
from mdat_data.corpora import read_corpus
from mdat_data.corpus import Corpus
from mdat_data.process.output import check_writable
from mdat_extract.config import ExtractSettings
from mdat_extract.inputs.audio import SAMPLING_RATE, Look, load, look_at_all
from mdat_extract.inputs.batch_plan import plan_batches
from mdat_extract.inputs.shards import Shard
from mdat_extract.inputs.transcripts import read_transcripts


@dataclass(frozen=True, kw_only=True)
class Material:
    """What is to be encoded.

    Attributes:
        corpus: As its module reads it.
        recordings: The chosen utterances that can be used, in order of their ids.
        left_out: Reason -> number of utterances that are left out on purpose.
        failures: Id of a recording that cannot be used -> why.
        plan: For each batch the indices of its recordings.
        missing: Ids of the recordings, of all shards, for which neither the user's table nor the
            corpus has a transcript.
        shard_of: Number and digest of the utterances of the whole, where this is a shard.
        recognizer: The model (id@revision) that recognises the missing; None where none does.
        recognized: Ids of those whose transcript it recognised.
    """

    corpus: Corpus
    recordings: tuple[Recording, ...]
    left_out: Mapping[str, int]
    failures: Mapping[str, str]
    plan: Sequence[Sequence[int]]
    missing: frozenset[str]
    shard_of: str = ""
    recognizer: str | None = None
    recognized: tuple[str, ...] = ()

    def untranscribed(self) -> list[Recording]:
        """The recordings, of this shard, that are `missing` a transcript."""
        return [r for r in self.recordings if r.utterance.id in self.missing]


def prepare(settings: ExtractSettings) -> Material:
    """Read the corpus and look at every recording.

    Args:
        settings: What the user chose.

    Returns:
        What is to be encoded.

    Raises:
        InputError: The corpus, the transcripts, or more recordings than allowed cannot be used, or
            the output cannot be written, or is being written by another process.
    """
    check_writable(settings.out)
    refuse_held(settings.out)
    shard = Shard.parse(settings.shard) if settings.shard else None
    corpus = read_corpus(settings.corpus, settings.root, emotion_column=settings.emotion_column)
    path = settings.transcripts
    texts = read_transcripts(path, corpus.utterances) if path else {}
    utterances, left_out = _limit(
        [replace(u, transcript=texts.get(u.id, u.transcript)) for u in corpus.utterances],
        settings.limit,
    )
    looks = look_at_all([u.audio for u in utterances], max_seconds=settings.max_seconds)
    looked = {u: _length_checked(seen, settings) for u, seen in zip(utterances, looks, strict=True)}
    failures = {u: str(seen) for u, seen in looked.items() if isinstance(seen, InputError)}
    _refuse(utterances, failures, settings.max_failures)
    usable = {u: seen for u, seen in looked.items() if isinstance(seen, Look)}
    recordings = tuple(
        Recording(utterance=u, duration=seen.duration, sha256=seen.sha256)
        for u, seen in usable.items()
    )
    material = Material(
        corpus=corpus,
        recordings=recordings,
        left_out={**corpus.left_out, **left_out},
        failures={u.id: reason for u, reason in failures.items()},
        plan=_plan(settings, recordings),
        missing=frozenset(u.id for u in usable if not u.transcript.strip() and u.id not in texts),
    )
    return _take(shard, material) if shard else material


def load_recording(recording: Recording, settings: ExtractSettings) -> np.ndarray:
    """Read what is used of a recording.

    Args:
        recording: One of a `Material`.
        settings: What the user chose.

    Returns:
        (samples,) float32, at most `max_seconds` of it.

    Raises:
        InputError: It has become unusable since `prepare`.
    """
    path = recording.utterance.audio
    try:
        return load(path, max_seconds=settings.max_seconds)
    except InputError as error:
        raise InputError(f"{path} has changed: {error}") from error


def samples(recording: Recording, settings: ExtractSettings) -> int:
    """Length of what is encoded of a recording, in samples."""
    return round(min(recording.duration, settings.max_seconds) * SAMPLING_RATE)


def _plan(settings: ExtractSettings, recordings: Sequence[Recording]) -> list[list[int]]:
    return plan_batches(
        [samples(recording, settings) for recording in recordings],
        [recording.utterance.id for recording in recordings],
        max_samples=round(settings.batch_seconds * SAMPLING_RATE),
    )


def _take(shard: Shard, material: Material) -> Material:
    """The part of the whole that is encoded here; its batches are batches of the whole."""
    rows, plan = shard.take(material.plan)
    return replace(
        material,
        recordings=tuple(material.recordings[row] for row in rows),
        plan=plan,
        shard_of=census(material.recordings, transcripts=False),
    )


def _length_checked(seen: Look | InputError, settings: ExtractSettings) -> Look | InputError:
    limit = settings.max_seconds
    if settings.long == "cut" or isinstance(seen, InputError) or seen.duration <= limit:
        return seen
    return InputError(
        f"too long: {seen.duration:.1f} s, more than --max-seconds {limit:g}; --long cut would "
        "keep the beginning"
    )


def _limit(
    utterances: Sequence[Utterance], limit: int | None
) -> tuple[Sequence[Utterance], dict[str, int]]:
    """The utterances within the limit, in order of their ids, and the number of the others."""
    if limit is None or limit >= len(utterances):
        return utterances, {}
    kept = sorted(_in_turn(utterances)[:limit], key=lambda utterance: utterance.id)
    return kept, {f"beyond the limit of {limit}": len(utterances) - limit}


def _in_turn(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Order utterances so that every beginning has the emotions in equal numbers."""
    by_emotion = defaultdict(list)
    for utterance in utterances:
        by_emotion[utterance.emotion].append(utterance)
    rounds = zip_longest(*by_emotion.values())
    return [utterance for utterance in chain.from_iterable(rounds) if utterance]


def _refuse(
    utterances: Sequence[Utterance], failures: Mapping[Utterance, str], max_failures: int
) -> None:
    allowed = min(max_failures, len(utterances) - 1)  # something must be left
    if len(failures) > allowed:
        lines = [f"  {utterance.audio}: {reason}" for utterance, reason in failures.items()]
        raise InputError(
            f"{len(failures)} of {len(utterances)} recordings cannot be used, but at most "
            f"{allowed} may be left out:\n" + "\n".join(lines) + "\nMend or remove them, or raise "
            "--max-failures: they are then left out, and named in the file."
        )
