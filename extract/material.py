"""What is to be encoded: the utterances of a corpus whose recordings can be used."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from mdat_data import InputError, Utterance
from mdat_data.cache import Recording
from mdat_data.corpora import read_corpus
from mdat_data.corpus import Corpus
from mdat_extract.audio import Look, look_at_all
from mdat_extract.settings import ExtractSettings
from mdat_extract.transcripts import with_transcripts


@dataclass(frozen=True, kw_only=True)
class Material:
    """What is to be encoded.

    Attributes:
        corpus: As its module reads it.
        recordings: The chosen utterances that can be used, in order of their ids.
        failures: Id of a recording that cannot be used -> why.
    """

    corpus: Corpus
    recordings: tuple[Recording, ...]
    failures: Mapping[str, str]


def prepare(settings: ExtractSettings) -> Material:
    """Read the corpus and look at every recording.

    Args:
        settings: What the user chose.

    Returns:
        What is to be encoded.

    Raises:
        InputError: The corpus, the transcripts, or more recordings than allowed cannot be used.
    """
    corpus = read_corpus(settings.corpus, settings.root)
    utterances: Sequence[Utterance] = corpus.utterances
    if settings.transcripts:
        utterances = with_transcripts(utterances, settings.transcripts)
    if settings.limit:
        utterances = in_turn(utterances)[: settings.limit]
    utterances = sorted(utterances, key=lambda utterance: utterance.id)
    looks = look_at_all([utterance.audio for utterance in utterances])
    failures = {
        u.id: str(seen)
        for u, seen in zip(utterances, looks, strict=True)
        if isinstance(seen, InputError)
    }
    _refuse(utterances, failures, settings.max_failures)
    recordings = tuple(
        Recording(utterance=u, duration=seen.duration, sha256=seen.sha256)
        for u, seen in zip(utterances, looks, strict=True)
        if isinstance(seen, Look)
    )
    return Material(corpus=corpus, recordings=recordings, failures=failures)


def in_turn(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Order utterances so that every beginning has the emotions in equal numbers.

    Args:
        utterances: The whole corpus.

    Returns:
        One of each emotion, then the second of each, and so on.
    """
    by_emotion = defaultdict(list)
    for utterance in utterances:
        by_emotion[utterance.emotion].append(utterance)
    rounds = zip_longest(*by_emotion.values())
    return [utterance for utterance in chain.from_iterable(rounds) if utterance]


def _refuse(
    utterances: Sequence[Utterance], failures: Mapping[str, str], max_failures: int
) -> None:
    allowed = min(max_failures, len(utterances) - 1)  # something must be left
    if len(failures) > allowed:
        paths = {utterance.id: utterance.audio for utterance in utterances}
        lines = [f"  {paths[id]}: {reason}" for id, reason in failures.items()]
        raise InputError(
            f"{len(failures)} of {len(utterances)} recordings cannot be used, but at most "
            f"{allowed} may be left out:\n" + "\n".join(lines) + "\nMend or remove them, or raise "
            "--max-failures: they are then left out, and named in the file."
        )
