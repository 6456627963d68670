"""Reads everything that is examined."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from mdat_audit.config import AuditConfig
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
    roots = config.root or [None] * len(config.corpora)
    read = [_read(str(c), root, config, progress) for c, root in zip(config.corpora, roots)]
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


def _read(corpus: str, root: object, config: AuditConfig, progress: Progress) -> Material:
    path, folder = Path(corpus), None if root is None else str(root)
    if path.suffix.lower() == ".h5" or (path.is_file() and path.suffix.lower() not in TABLES):
        return read_features(path, folder, config.layer, progress)
    return read_recordings(corpus, folder, config.emotion_column, config.layer, progress)


def _prefixed(item: Item) -> Item:
    u, name = item.utterance, item.corpus
    names = {field: f"{name}/{getattr(u, field)}" for field in ("id", "speaker", "group")}
    return replace(item, utterance=replace(u, **names))
