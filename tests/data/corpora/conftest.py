import runpy
from collections.abc import Callable
from pathlib import Path

import layouts
import pytest
import toy_corpora

from mdat_data.corpora import read_corpus
from mdat_data.corpus import Corpus


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Corpus]:
    """Makes a toy copy of a corpus, once.

    Demo corpora are synthesised in full; a corpus with a layout has its first ten files, empty.
    """
    made: dict[str, Corpus] = {}

    def make(name: str) -> Corpus:
        if name not in made:
            root = tmp_path_factory.mktemp("corpora") / name
            made[name] = _make(name, root)
        return made[name]

    return make


def _make(name: str, root: Path) -> Corpus:
    module = name.replace("-", "_")
    table = layouts.TOYS / f"{module}.tsv"
    write = _writer(module)
    if write is not None:
        write(root)
    elif table.is_file():
        layouts.make_files(root, layouts.read_layout(table))
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
