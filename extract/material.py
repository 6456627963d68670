"""What is to be encoded: the utterances of a corpus whose recordings can be used."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

import numpy as np

from mdat_data import InputError, Utterance
from mdat_data.cache import Recording
from mdat_data.corpora import read_corpus
from mdat_data.corpus import Corpus
from mdat_data.output import check_writable
from mdat_extract.audio import Look, load, look_at_all
from mdat_extract.settings import ExtractSettings
from mdat_extract.transcripts import read_transcripts


@dataclass(frozen=True, kw_only=True)
class Material:
    """What is to be encoded.

    Attributes:
        corpus: As its module reads it.
        recordings: The chosen utterances that can be used, in order of their ids.
        left_out: Reason -> number of utterances that are left out on purpose.
        failures: Id of a recording that cannot be used -> why.
        missing: Ids of the recordings for which neither the user's table nor the corpus has a
            transcript.
        recognizer: The model (id@revision) that recognised these; None where none did.
        recognized: Ids of those whose transcript it recognised.
    """

    corpus: Corpus
    recordings: tuple[Recording, ...]
    left_out: Mapping[str, int]
    failures: Mapping[str, str]
    missing: frozenset[str]
    recognizer: str | None = None
    recognized: tuple[str, ...] = ()


def prepare(settings: ExtractSettings) -> Material:
    """Read the corpus and look at every recording.

    Args:
        settings: What the user chose.

    Returns:
        What is to be encoded.

    Raises:
        InputError: The corpus, the transcripts, or more recordings than allowed cannot be used, or
            the output cannot be written.
    """
    check_writable(settings.out)
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
    return Material(
        corpus=corpus,
        recordings=tuple(
            Recording(utterance=u, duration=seen.duration, sha256=seen.sha256)
            for u, seen in usable.items()
        ),
        left_out={**corpus.left_out, **left_out},
        failures={u.id: reason for u, reason in failures.items()},
        missing=frozenset(u.id for u in usable if not u.transcript.strip() and u.id not in texts),
    )


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
