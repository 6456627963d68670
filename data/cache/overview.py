"""A summary of a features file as text."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from mdat_data.cache.reader import FeaturesFile, open_features
from mdat_data.cache.schema import MODALITIES, Modality, crop_in_words
from mdat_data.doubts import doubts
from mdat_data.printable import one_line
from mdat_data.utterance import UNLABELLED, Utterance


def overview(path: Path) -> str:
    """Summarise a features file.

    Args:
        path: The file.

    Returns:
        Lines of text: corpus, counts, durations, encoders, versions and what was left out.

    Raises:
        InputError: The file is not a features file, or is damaged.
    """
    with open_features(path) as features:
        made, utterances = features.provenance, features.utterances
        fingerprints = [recording.fingerprint for recording in features.recordings]
        part = f", shard {made.shard} of {made.shard_of}" if made.shard else ""
        lines = [
            f"{path}: {made.corpus} ({made.language}), {len(utterances)} utterances{part}",
            f"  emotions: {_counts(utterance.emotion or UNLABELLED for utterance in utterances)}",
            f"  speakers: {_counts(utterance.speaker for utterance in utterances)}",
            *_sexes(utterances),
            f"  durations: {_durations(features)}",
            f"  transcripts: {sum(bool(u.transcript.strip()) for u in utterances)}"
            f"{_recognized(made.text)}",
            *(_encoder(features, modality) for modality in MODALITIES),
            f"  stored as {made.store}, {path.stat().st_size / 1e6:.1f} MB, {made.created}",
            f"  versions: {_pairs(made.versions.items())}",
            *([f"  options: {_pairs(made.options.items())}"] if made.options else []),
            *(f"  left out: {count} ({why})" for why, count in sorted(made.left_out.items())),
            *(f"  left out, {id}: {reason}" for id, reason in made.failures.items()),
            *([f"  cut: {len(made.cut)} ({', '.join(made.cut)})"] if made.cut else []),
            *(f"  {doubt}" for doubt in doubts(utterances, fingerprints)),
            f"  digest: {features.digest}",
        ]
        return "\n".join(map(one_line, lines))


def _sexes(utterances: Sequence[Utterance]) -> list[str]:
    if not any(utterance.sex for utterance in utterances):
        return []
    return [f"  sexes: {_counts(utterance.sex or 'unknown' for utterance in utterances)}"]


def _durations(features: FeaturesFile) -> str:
    seconds = [recording.duration for recording in features.recordings]
    mean = sum(seconds) / len(seconds)
    return (
        f"{sum(seconds) / 3600:.2f} h, {min(seconds):.2f} to {max(seconds):.2f} s, mean {mean:.2f}"
    )


def _encoder(features: FeaturesFile, modality: str) -> str:
    made: Modality | None = getattr(features.provenance, modality)
    if made is None:
        return f"  {modality}: not encoded"
    steps = features.lengths(modality)
    return (
        f"  {modality}: {made.encoder} at {made.revision}, layers {', '.join(made.layers)}, "
        f"{made.dim} values a step, {steps.min()} to {steps.max()} steps, computed in "
        f"{made.precision}, cut at {crop_in_words(modality, made.crop)}"
        f"{f', each text after {made.prefix!r}' if made.prefix else ''}"
    )


def _recognized(text: Modality | None) -> str:
    return f", {text.recognized} by {text.recognizer}" if text and text.recognizer else ""


def _counts(words: Iterable[str]) -> str:
    return _pairs(sorted(Counter(words).items()))


def _pairs(pairs: Iterable[tuple[str, object]]) -> str:
    return ", ".join(f"{name} {value}" for name, value in pairs)
