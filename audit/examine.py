"""Examines corpora and splits of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

from mdat_audit.clues.clues import find_clues
from mdat_audit.config import AnyPath, AuditConfig, AuditOptions
from mdat_audit.inputs.item import Material, Progress, silent
from mdat_audit.inputs.material import read_material
from mdat_audit.inputs.splits import placed, read_splits
from mdat_audit.leaks.doubtful import find_doubts
from mdat_audit.leaks.leaks import find_leaks
from mdat_audit.overview.map import FEWEST, Map, make_map
from mdat_audit.result import Audit


def audit(
    corpora: AnyPath | Sequence[AnyPath],
    *,
    root: AnyPath | Sequence[AnyPath] = (),
    progress: Progress = silent,
    **options: Unpack[AuditOptions],
) -> Audit:
    """Examine corpora and, if one is given, a split of them.

    Args:
        corpora: A features file, the name of a corpus, a manifest or the folder of an audformat
            database; or several of these.
        root: Folder of the recordings; for several corpora, one for each. By default the folder
            where `mdat-extract` looks.
        progress: Shows how far the work is; by default nothing is shown.
        **options: Fields of `AuditConfig`, such as `splits="splits.csv"`.

    Returns:
        What was found; nothing is written.

    Raises:
        InputError: A corpus, a table or an option cannot be used.
    """
    config = AuditConfig(corpora=_several(corpora), root=_several(root), **options)
    return examine(config, progress)


def examine(config: AuditConfig, progress: Progress = silent) -> Audit:
    """Make an audit; see `audit`."""
    splits, path = {}, config.splits and Path(config.splits)
    if path:  # first, for recordings take minutes
        splits = read_splits(path)
    material = read_material(config, progress)
    items = material.items
    if path:
        ids = {item.utterance.id for item in items}
        splits = placed(splits, path, ids, material.unusable)
    return Audit(
        config=config,
        material=material,
        splits=splits,
        leaks=find_leaks(items, splits),
        doubts=find_doubts(items, splits),
        clues=find_clues(items, splits, seed=config.seed, progress=progress),
        map=_map(material, config),
    )


def _several(paths: AnyPath | Sequence[AnyPath]) -> Sequence[AnyPath]:
    return [paths] if isinstance(paths, str | Path) else paths


def _map(material: Material, config: AuditConfig) -> Map | None:
    alike = len(set(material.features.values())) == 1
    if not alike or len(material.items) < FEWEST:
        return None
    return make_map(material.items, config.map, seed=config.seed)
