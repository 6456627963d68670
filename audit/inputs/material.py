"""Reads everything that is examined."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mdat_audit.config import AnyPath, AuditConfig
from mdat_audit.inputs.features import read_features
from mdat_audit.inputs.item import Item, Material, Progress
from mdat_audit.inputs.recordings import read_recordings
from mdat_data import InputError
from mdat_data.errors import listed

TABLES = (".csv", ".tsv")


def read_material(config: AuditConfig, progress: Progress) -> Material:
    """Read the corpora of an audit.

    Args:
        config: The configuration.
        progress: Shows how far the work is.

    Returns:
        Their utterances. Of several corpora, ids, speakers and groups begin with `<corpus>/`.

    Raises:
        InputError: A corpus or features file cannot be used, or two have the same name.
    """
    _refuse_column(config)
    roots: Sequence[str | None] = [*map(str, config.root)] or [None] * len(config.corpora)
    pairs = zip(config.corpora, roots, strict=True)
    read = [_read(str(corpus), root, config, progress) for corpus, root in pairs]
    if len(read) == 1:
        return read[0]
    counts = Counter(name for each in read for name in each.corpora)
    if repeated := [name for name, count in counts.items() if count > 1]:
        raise InputError(
            f"expected each corpus once, but {listed(repeated)} is there several times. Leave the "
            "others out, or rename a manifest."
        )
    return Material(
        corpora=tuple(counts),
        items=tuple(_prefixed(item) for each in read for item in each.items),
        features={name: what for each in read for name, what in each.features.items()},
        unusable={
            f"{each.corpora[0]}/{id}": why for each in read for id, why in each.unusable.items()
        },
        unread={name: way for each in read for name, way in each.unread.items()},
    )


def _refuse_column(config: AuditConfig) -> None:
    """Features files have labels already: a column for them would have no effect."""
    if config.emotion_column is not None and all(map(_has_features, config.corpora)):
        raise InputError(
            "expected --emotion-column with an audformat database, a folder with db.yaml, got "
            f"{listed(map(str, config.corpora))}. Leave the option out."
        )


def _has_features(corpus: AnyPath) -> bool:
    path = Path(corpus)
    return path.suffix.lower() == ".h5" or (path.is_file() and path.suffix.lower() not in TABLES)


def _read(corpus: str, root: str | None, config: AuditConfig, progress: Progress) -> Material:
    if _has_features(corpus):
        return read_features(Path(corpus), root, config.layer, progress)
    return read_recordings(corpus, root, config.emotion_column, config.layer, progress)


def _prefixed(item: Item) -> Item:
    u, name = item.utterance, item.corpus
    renamed = replace(
        u, id=f"{name}/{u.id}", speaker=f"{name}/{u.speaker}", group=f"{name}/{u.group}"
    )
    return replace(item, utterance=renamed)
