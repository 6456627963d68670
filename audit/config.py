"""The configuration of an audit. Nothing heavy is imported here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from mdat_data.errors import InputError
from mdat_data.process.paths import usable_path

MAPS = ("pca", "umap")
"""Methods of the map."""

HIGHEST_SEED = 2**32 - 1
"""The highest seed that numpy and scikit-learn take."""

AnyPath = str | Path


@dataclass(frozen=True, kw_only=True)
class AuditConfig:
    """The choices of an audit. Each field is the argument or option of the same name.

    Attributes:
        corpora: What is examined: features files, names of corpora, manifests or folders of
            audformat databases.
        root: Folder of the recordings of each of `corpora`, in their order; empty for the default
            folders.
        emotion_column: Column of an audformat database, as `<table>.<column>`; None finds it by
            its name.
        splits: Table of the split that is examined, with the columns id and part, or id and fold;
            None where there is none. With several corpora, ids begin with `<corpus>/`.
        layer: Layer of the features that the map shows; None for the middle one.
        map: Method of the map, one of `MAPS`.
        seed: Seed of the folds, the guesses, the intervals and the map, from 0 to `HIGHEST_SEED`.

    Raises:
        InputError: A value is not allowed.
    """

    corpora: Sequence[AnyPath]
    root: Sequence[AnyPath] = ()
    emotion_column: str | None = None
    splits: AnyPath | None = None
    layer: str | None = None
    map: str = MAPS[0]
    seed: int = 0

    def __post_init__(self) -> None:
        for name, option in (("corpora", "CORPUS"), ("root", "--root")):
            paths = tuple(str(usable_path(path, option)) for path in getattr(self, name))
            object.__setattr__(self, name, paths)
        if self.splits is not None:
            object.__setattr__(self, "splits", usable_path(self.splits, "--splits"))
        if self.map not in MAPS:
            raise InputError(
                f"expected --map to be {' or '.join(MAPS)}, got {self.map!r}. Choose one of them."
            )
        if not 0 <= self.seed <= HIGHEST_SEED:
            raise InputError(
                f"expected --seed to be from 0 to {HIGHEST_SEED}, got {self.seed}. Choose another."
            )
        if len(self.root) not in (0, len(self.corpora)):
            raise InputError(
                f"expected --root once for each corpus, in the same order, got {len(self.root)} "
                f"folders for {len(self.corpora)} corpora. Give one for each, or none and set "
                "MDAT_CORPORA."
            )


class AuditOptions(TypedDict, total=False):
    """The fields of `AuditConfig`, but not the sequences, as keyword arguments of `audit`."""

    emotion_column: str | None
    splits: AnyPath | None
    layer: str | None
    map: str
    seed: int
