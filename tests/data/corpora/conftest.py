from collections.abc import Callable
from pathlib import Path

import pytest
import toy_corpora

from mdat_data.corpora import read_corpus
from mdat_data.corpus import Corpus


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Corpus]:
    """Makes a toy copy of a corpus, once; demo corpora are synthesised in full."""
    made: dict[str, Corpus] = {}

    def make(name: str) -> Corpus:
        if name not in made:
            root = tmp_path_factory.mktemp("corpora") / name
            made[name] = _make(name, root)
        return made[name]

    return make


def _make(name: str, root: Path) -> Corpus:
    write = getattr(toy_corpora, f"write_{name.replace('-', '_')}", None)
    if write is not None:
        write(root)
    else:  # a demo corpus, which is synthesised
        pytest.importorskip("espeakng_loader")
    return read_corpus(name, root)
