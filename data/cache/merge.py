"""Joins the shards of a corpus into one features file."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mdat_data.cache.disk import reporting_full_disk
from mdat_data.cache.identity import census, differences, identity
from mdat_data.cache.reader import FeaturesFile, open_features
from mdat_data.cache.schema import Features, Provenance, Recording, utterance_digest
from mdat_data.cache.writer import FeaturesWriter
from mdat_data.errors import InputError, listed
from mdat_data.process.lock import exclusive

TOGETHER = 64
"""Utterances that are held in memory at a time."""


def merge(paths: Sequence[Path], out: Path) -> int:
    """Join shards; an interrupted call goes on when it is given again.

    Args:
        paths: A features file for each shard, in any order.
        out: The file to write; it holds what one run over the whole corpus would give.

    Returns:
        The number of utterances.

    Raises:
        InputError: The files are not the shards of one corpus made with the same settings, some
            are missing or come twice, one is damaged, or `out` holds something else.
    """
    with ExitStack() as stack:
        caches = [stack.enter_context(open_features(path)) for path in paths]
        _refuse_strangers(caches)
        _refuse_gaps(caches)
        recordings = _recordings(caches)
        rows = {recording.utterance.id: row for row, recording in enumerate(recordings)}
        batches = [
            (cache, range(start, min(start + TOGETHER, len(cache.recordings))))
            for cache in caches
            for start in range(0, len(cache.recordings), TOGETHER)
        ]
        plan = [[rows[cache.utterances[row].id] for row in batch] for cache, batch in batches]
        made = _whole([cache.provenance for cache in caches])
        stack.enter_context(reporting_full_disk(out))
        stack.enter_context(exclusive(out))
        writer = FeaturesWriter.open(
            out, root=Path(), recordings=recordings, provenance=made, plan=plan
        )
        if not writer.finished:
            for number in writer.pending():
                cache, batch = batches[number]
                writer.write(number, [_proven(cache, row) for row in batch])
            writer.assemble()
    return len(recordings)


def _refuse_strangers(caches: Sequence[FeaturesFile]) -> None:
    first = _settings(caches[0])
    for cache in caches:
        if not cache.provenance.shard:
            raise InputError(f"{cache.path} is no shard (--shard), but whole.")
        if lines := differences(first, _settings(cache)):
            raise InputError(
                f"{caches[0].path} (there) and {cache.path} (here) do not belong together:\n"
                + "\n".join(lines)
                + "\nEncode all shards with the same settings, corpus and versions."
            )


def _settings(cache: FeaturesFile) -> Mapping[str, str]:
    """What all shards share."""
    made = cache.provenance
    own = {"utterances", "shard", "text recognized"}
    shared = {k: v for k, v in identity(made, cache.recordings).items() if k not in own}
    versions = {f"version of {name}": version for name, version in made.versions.items()}
    shards = made.shard.partition("/")[2]
    return shared | versions | {"number of shards": shards, "utterances of all": made.shard_of}


def _refuse_gaps(caches: Sequence[FeaturesFile]) -> None:
    by_shard = defaultdict(list)
    for cache in caches:
        by_shard[cache.provenance.shard].append(str(cache.path))
    twice = [f"{shard} ({', '.join(of)})" for shard, of in by_shard.items() if len(of) > 1]
    count = int(caches[0].provenance.shard.partition("/")[2])
    absent = [f"{n}/{count}" for n in range(1, count + 1) if f"{n}/{count}" not in by_shard]
    if twice or absent:
        raise InputError(
            f"expected each of the {count} shards once, but missing are: "
            f"{listed(absent) or 'none'}; twice came: {listed(twice) or 'none'}."
        )


def _recordings(caches: Sequence[FeaturesFile]) -> list[Recording]:
    """Of all shards, in the order of the whole."""
    recordings = [recording for cache in caches for recording in cache.recordings]
    counts = Counter(recording.utterance.id for recording in recordings)
    recordings.sort(key=lambda recording: recording.utterance.id)
    came, expected = census(recordings, transcripts=False), caches[0].provenance.shard_of
    if came != expected:
        repeated = [id for id, count in counts.items() if count > 1]
        raise InputError(
            f"expected the utterances {expected}, but the shards hold {came}"
            f"{'; several times: ' + listed(repeated) if repeated else ''}. Encode them again."
        )
    return recordings


def _whole(made: Sequence[Provenance]) -> Provenance:
    return replace(
        made[0],
        shard="",
        shard_of="",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        text=replace(made[0].text, recognized=sum(shard.text.recognized for shard in made)),
        cut=tuple(sorted(id for shard in made for id in shard.cut)),
    )


def _proven(cache: FeaturesFile, row: int) -> Features:
    features, utterance = cache.features(row), cache.utterances[row]
    if utterance_digest(utterance, features) != cache.digests[row]:
        raise InputError(
            f"{cache.path}: the features, lengths or labels of utterance {utterance.id} are not "
            "those that were written. Restore the file from a copy, or encode this shard again."
        )
    return features
