"""The utterances to encode: those of a corpus whose recordings can be used."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np

from mdat_data import InputError, Utterance
from mdat_data.cache import Recording, census
from mdat_data.corpora import read_corpus
from mdat_data.corpus import Corpus
from mdat_extract.config import SAMPLING_RATE, ExtractConfig
from mdat_extract.inputs.audio import AudioInfo, inspect_all, load
from mdat_extract.inputs.batch_plan import plan_batches
from mdat_extract.inputs.shards import Shard
from mdat_extract.inputs.transcripts import read_transcripts


@dataclass(frozen=True, kw_only=True)
class PreparedCorpus:
    """The utterances to encode, with their checked recordings and the batch plan.

    Attributes:
        corpus: The corpus, as its module reads it.
        recordings: The recordings to encode, in order of the ids of their utterances.
        left_out: Reason -> number of utterances that are left out on purpose.
        failures: Id of an utterance whose recording cannot be used -> reason.
        decoders: The Python packages that read the recordings.
        plan: The batch plan: for each batch the indices of its recordings.
        missing: Ids of the utterances, of all shards, for which neither the user's table nor the
            corpus has a transcript.
        shard_of: Number and digest of the utterances of the whole corpus; empty if this is the
            whole.
        recognizer: The model (id@revision) that recognised missing transcripts, or None.
        recognized: Ids of the utterances whose transcript it recognised.
    """

    corpus: Corpus
    recordings: tuple[Recording, ...]
    left_out: Mapping[str, int]
    failures: Mapping[str, str]
    decoders: frozenset[str]
    plan: Sequence[Sequence[int]]
    missing: frozenset[str]
    shard_of: str = ""
    recognizer: str | None = None
    recognized: tuple[str, ...] = ()

    def untranscribed(self) -> list[Recording]:
        """The recordings to encode that are `missing` a transcript."""
        return [r for r in self.recordings if r.utterance.id in self.missing]


def prepare(config: ExtractConfig) -> PreparedCorpus:
    """Read the corpus, check every recording and plan the batches.

    Args:
        config: The configuration.

    Returns:
        The utterances to encode.

    Raises:
        InputError: The corpus or the transcripts cannot be used, or more recordings than allowed.
    """
    shard = Shard.parse(config.shard) if config.shard else None
    corpus = read_corpus(config.corpus, config.root, emotion_column=config.emotion_column)
    path = config.transcripts
    texts = read_transcripts(Path(path), corpus.utterances) if path else {}
    utterances, beyond_limit = _limit(
        [replace(u, transcript=texts.get(u.id, u.transcript)) for u in corpus.utterances],
        config.limit,
    )
    recordings, failures, decoders = _check_recordings(utterances, config)
    prepared = PreparedCorpus(
        corpus=corpus,
        recordings=recordings,
        left_out={**corpus.left_out, **beyond_limit},
        failures=failures,
        decoders=decoders,
        plan=_plan(config, recordings),
        missing=frozenset(
            r.utterance.id
            for r in recordings
            if not r.utterance.transcript.strip() and r.utterance.id not in texts
        ),
    )
    return _take(shard, prepared) if shard else prepared


def load_recording(recording: Recording, config: ExtractConfig) -> np.ndarray:
    """Read the part of a recording that is encoded.

    Args:
        recording: A recording of a `PreparedCorpus`.
        config: The configuration.

    Returns:
        (samples,) float32, at most `max_seconds` long.

    Raises:
        InputError: The recording has become unusable since `prepare`.
    """
    path = recording.utterance.audio
    try:
        return load(path, max_seconds=config.max_seconds)
    except InputError as error:
        raise InputError(f"{path} has changed: {error}") from error


def seconds_used(recording: Recording, config: ExtractConfig) -> float:
    """Length in seconds of the part of a recording that is encoded."""
    return min(recording.duration, config.max_seconds)


def _check_recordings(
    utterances: Sequence[Utterance], config: ExtractConfig
) -> tuple[tuple[Recording, ...], dict[str, str], frozenset[str]]:
    """The usable recordings; the id and the reason of each other one; what reads the usable."""
    infos = inspect_all([u.audio for u in utterances], max_seconds=config.max_seconds)
    checked = {u: _length_checked(info, config) for u, info in zip(utterances, infos, strict=True)}
    failures = {u: str(info) for u, info in checked.items() if isinstance(info, InputError)}
    _refuse(utterances, failures, config.max_failures)
    usable = {u: info for u, info in checked.items() if isinstance(info, AudioInfo)}
    recordings = tuple(
        Recording(
            utterance=u,
            duration=info.duration,
            sha256=info.sha256,
            samples_sha256=info.samples_sha256,
        )
        for u, info in usable.items()
    )
    decoders = frozenset(info.decoder for info in usable.values())
    return recordings, {u.id: reason for u, reason in failures.items()}, decoders


def _plan(config: ExtractConfig, recordings: Sequence[Recording]) -> list[list[int]]:
    return plan_batches(
        [round(seconds_used(recording, config) * SAMPLING_RATE) for recording in recordings],
        [recording.utterance.id for recording in recordings],
        max_samples=round(config.batch_seconds * SAMPLING_RATE),
    )


def _take(shard: Shard, whole: PreparedCorpus) -> PreparedCorpus:
    """The part of the corpus that a shard encodes; its batches are batches of the whole."""
    rows, plan = shard.take(whole.plan)
    return replace(
        whole,
        recordings=tuple(whole.recordings[row] for row in rows),
        plan=plan,
        shard_of=census(whole.recordings, transcripts=False),
    )


def _length_checked(info: AudioInfo | InputError, config: ExtractConfig) -> AudioInfo | InputError:
    limit = config.max_seconds
    if config.long == "cut" or isinstance(info, InputError) or info.duration <= limit:
        return info
    return InputError(
        f"too long: {info.duration:.1f} s, more than --max-seconds {limit:g}; --long cut would "
        "keep the beginning"
    )


def _limit(
    utterances: Sequence[Utterance], limit: int | None
) -> tuple[Sequence[Utterance], dict[str, int]]:
    """The utterances within the limit, in order of their ids, and the number of other ones."""
    if limit is None or limit >= len(utterances):
        return utterances, {}
    kept = sorted(_in_turn(utterances)[:limit], key=lambda utterance: utterance.id)
    return kept, {f"beyond the limit of {limit}": len(utterances) - limit}


def _in_turn(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Order utterances so that the first N have the emotions in about equal numbers, for any N."""
    by_emotion = defaultdict(list)
    for utterance in utterances:
        by_emotion[utterance.emotion].append(utterance)
    rounds = zip_longest(*by_emotion.values())
    return [utterance for utterance in chain.from_iterable(rounds) if utterance]


def _refuse(
    utterances: Sequence[Utterance], failures: Mapping[Utterance, str], max_failures: int
) -> None:
    allowed = min(max_failures, len(utterances) - 1)  # one must remain
    if len(failures) > allowed:
        lines = [f"  {utterance.audio}: {reason}" for utterance, reason in failures.items()]
        raise InputError(
            f"{len(failures)} of {len(utterances)} recordings cannot be used, but at most "
            f"{allowed} may be left out:\n"
            + "\n".join(lines)
            + "\nRepair or remove them, or raise "
            "--max-failures: they are then left out, and listed in the file."
        )
