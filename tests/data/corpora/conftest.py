import runpy
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
    write = _writer(name.replace("-", "_"))
    if write is not None:
        write(root)
    else:  # a demo corpus, which is synthesised
        pytest.importorskip("espeakng_loader")
    return read_corpus(name, root)


def _writer(module: str) -> Callable[[Path], None] | None:
    """`write_<module>` of `toy_corpora`, or of the corpus' own test; None for a demo corpus."""
    shared: Callable[[Path], None] | None = getattr(toy_corpora, f"write_{module}", None)
    own = Path(__file__).with_name(f"test_{module}.py")
    if shared is not None or not own.exists():
        return shared
    return runpy.run_path(str(own)).get(f"write_{module}")
