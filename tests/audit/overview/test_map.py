"""What is alike lies together on the map."""

import numpy as np
import pytest
from toy_items import item

from mdat_audit.overview.map import make_map

RNG = np.random.default_rng(0)
GROUPS = np.repeat([0, 1], 12)
ITEMS = [
    item(f"{n}", "sad", "s", pooled=np.concatenate([RNG.normal(size=3) + 9 * group, [7.0]]))
    for n, group in enumerate(GROUPS)
]
"""Two groups far from each other; the last feature never varies."""


@pytest.mark.parametrize("method", ["pca", "umap"])
def test_groups_are_apart_and_a_seed_gives_the_same_map(method):
    made = make_map(ITEMS, method, seed=0)
    one, two = made.points[GROUPS == 0], made.points[GROUPS == 1]
    between = np.linalg.norm(one.mean(axis=0) - two.mean(axis=0))
    assert between > 2 * max(one.std(axis=0).max(), two.std(axis=0).max())
    np.testing.assert_array_equal(make_map(ITEMS, method, seed=0).points, made.points)


def test_pca_says_what_its_axes_explain():
    first, second = make_map(ITEMS, "pca", seed=0).shares
    assert first > 0.8 > second > 0
    assert make_map(ITEMS, "umap", seed=0).shares == ()


def test_three_utterances_have_a_map():
    assert make_map(ITEMS[:3], "pca", seed=0).points.shape == (3, 2)
