"""A map of the pooled features, on which utterances that are alike lie near each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from warnings import catch_warnings, filterwarnings

import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from mdat_audit.inputs.item import Item

FEWEST = 3
"""Number of utterances of the smallest map."""


@dataclass(frozen=True, kw_only=True)
class Map:
    """A map of utterances.

    Attributes:
        method: `pca` or `umap`.
        points: The place of every utterance, (N, 2).
        shares: Shares of the variance that the two axes explain; empty for `umap`.
    """

    method: str
    points: np.ndarray
    shares: tuple[float, ...]


def make_map(items: Sequence[Item], method: str, *, seed: int) -> Map:
    """Make a map of standardised pooled features.

    Args:
        items: At least `FEWEST` utterances with features of one encoder.
        method: One of `mdat_audit.config.MAPS`.
        seed: Seed of `umap`, and of `pca` where it is approximate.

    Returns:
        The map.

    Raises:
        ModuleNotFoundError: `umap` is not installed.
    """
    features = StandardScaler().fit_transform(np.stack([item.pooled for item in items]))
    if method == "umap":
        return Map(method=method, points=_umap(features, seed), shares=())
    pca = PCA(2, random_state=seed)
    points = pca.fit_transform(features)
    return Map(method=method, points=points, shares=tuple(pca.explained_variance_ratio_.tolist()))


def _umap(features: np.ndarray, seed: int) -> np.ndarray:
    from umap import UMAP

    neighbours = min(15, len(features) - 1)
    with catch_warnings():
        # It says that a seed costs threads, and that it initialises few points in another way.
        filterwarnings("ignore", category=UserWarning)
        made: Any = UMAP(n_neighbors=neighbours, random_state=seed, init="pca").fit_transform(
            features
        )
    return np.asarray(made)
