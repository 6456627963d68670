"""Merges the shards of a corpus into one features file."""

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
"""Number of utterances in memory at a time."""


def merge(paths: Sequence[Path], out: Path) -> int:
    """Merge shards. After an interruption the same call continues.

    Args:
        paths: A features file for each shard, in any order.
        out: The file to write. It is equal to that of one run over the whole corpus.

    Returns:
        The number of utterances.

    Raises:
        InputError: The files are not the shards of one corpus made with the same settings, a shard
            is missing, given twice or damaged, or `out` was made from something else.
    """
    with ExitStack() as stack:
        shards = [stack.enter_context(open_features(path)) for path in paths]
        _refuse_other_settings(shards)
        _refuse_missing_or_repeated(shards)
        recordings = _recordings(shards)
        rows = {recording.utterance.id: row for row, recording in enumerate(recordings)}
        batches = [
            (shard, range(start, min(start + TOGETHER, len(shard.recordings))))
            for shard in shards
            for start in range(0, len(shard.recordings), TOGETHER)
        ]
        plan = [[rows[shard.utterances[row].id] for row in batch] for shard, batch in batches]
        made = _merged([shard.provenance for shard in shards])
        stack.enter_context(reporting_full_disk(out))
        stack.enter_context(exclusive(out))
        writer = FeaturesWriter.open(
            out, root=Path(), recordings=recordings, provenance=made, plan=plan
        )
        if not writer.finished:
            for number in writer.pending():
                shard, batch = batches[number]
                writer.write(number, [_checked(shard, row) for row in batch])
            writer.assemble()
    return len(recordings)


def _refuse_other_settings(shards: Sequence[FeaturesFile]) -> None:
    first = _settings(shards[0])
    for shard in shards:
        if not shard.provenance.shard:
            raise InputError(
                f"{shard.path}: expected a shard (--shard), but it is a whole corpus. Leave it out."
            )
        if lines := differences(first, _settings(shard)):
            raise InputError(
                f"{shards[0].path} (there) and {shard.path} (here) are not shards of one corpus:\n"
                + "\n".join(lines)
                + "\nEncode all shards with the same settings, corpus and versions."
            )


def _settings(shard: FeaturesFile) -> Mapping[str, str]:
    """The settings that are equal in all shards."""
    made = shard.provenance
    own = {"utterances", "shard", "text recognized"}
    shared = {k: v for k, v in identity(made, shard.recordings).items() if k not in own}
    versions = {f"version of {name}": version for name, version in made.versions.items()}
    number = made.shard.partition("/")[2]
    return shared | versions | {"number of shards": number, "utterances of all": made.shard_of}


def _refuse_missing_or_repeated(shards: Sequence[FeaturesFile]) -> None:
    by_name = defaultdict(list)
    for shard in shards:
        by_name[shard.provenance.shard].append(str(shard.path))
    repeated = [f"{name} ({', '.join(of)})" for name, of in by_name.items() if len(of) > 1]
    count = int(shards[0].provenance.shard.partition("/")[2])
    missing = [f"{n}/{count}" for n in range(1, count + 1) if f"{n}/{count}" not in by_name]
    if missing or repeated:
        raise InputError(
            f"expected each of the {count} shards once; missing: {listed(missing) or 'none'}; "
            f"repeated: {listed(repeated) or 'none'}. Give the file of each shard once."
        )


def _recordings(shards: Sequence[FeaturesFile]) -> list[Recording]:
    """The recordings of all shards, in the order of the merged file."""
    recordings = [recording for shard in shards for recording in shard.recordings]
    counts = Counter(recording.utterance.id for recording in recordings)
    recordings.sort(key=lambda recording: recording.utterance.id)
    got, expected = census(recordings, transcripts=False), shards[0].provenance.shard_of
    if got != expected:
        repeated = [id for id, count in counts.items() if count > 1]
        raise InputError(
            f"expected the utterances {expected}, but the shards have {got}"
            f"{'; repeated: ' + listed(repeated) if repeated else ''}. Encode them again."
        )
    return recordings


def _merged(made: Sequence[Provenance]) -> Provenance:
    return replace(
        made[0],
        shard="",
        shard_of="",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        text=made[0].text
        and replace(made[0].text, recognized=sum(s.text.recognized for s in made if s.text)),
        cut=tuple(sorted(id for shard in made for id in shard.cut)),
    )


def _checked(shard: FeaturesFile, row: int) -> Features:
    features, utterance = shard.features(row), shard.utterances[row]
    if utterance_digest(utterance, features) != shard.digests[row]:
        raise InputError(
            f"{shard.path}: the features, lengths or labels of utterance {utterance.id} have "
            "changed. Restore the file from a copy, or encode this shard again."
        )
    return features
