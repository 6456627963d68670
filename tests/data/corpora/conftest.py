from collections.abc import Callable
from pathlib import Path

import pytest
from toy_corpora import WRITERS

from mdat_data.corpora import read_corpus
from mdat_data.corpus import Corpus


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Corpus]:
    """A toy copy of each corpus by its name, made once; demo corpora are spoken in full."""
    made: dict[str, Corpus] = {}

    def make(name: str) -> Corpus:
        if name not in made:
            root = tmp_path_factory.mktemp("corpora") / name
            made[name] = _make(name, root)
        return made[name]

    return make


def _make(name: str, root: Path) -> Corpus:
    if name in WRITERS:
        WRITERS[name](root)
    else:
        pytest.importorskip("espeakng_loader")
    return read_corpus(name, root)
